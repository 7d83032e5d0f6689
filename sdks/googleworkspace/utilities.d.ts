// Written by npm run generate from tools/resources/googleworkspace.ts.
export declare function resourceOptsDefaults(): { version: string };
export declare function getPackage(): Promise<string | undefined>;

const column = (description: string) => ({ type: "string", minLength: 1, description });

/** The file reader's part of a system in the stack file. It has no credential: what can read the file can read the workers. */
export const configSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	required: ["options"],
	properties: {
		url: false,
		auth: false,
		act: false,
		options: {
			type: "object",
			additionalProperties: false,
			required: ["file"],
			properties: {
				file: {
					type: "string",
					minLength: 1,
					pattern: "\\.(csv|tsv|json)$",
					description: "the feed, from the project's folder: people/workers.csv",
					"x-expected": "a path that ends in .csv, .tsv or .json",
				},
				columns: {
					type: "object",
					additionalProperties: false,
					description: "names of the feed's columns, where they are not the usual ones",
					properties: {
						id: column("personnel number [worker_id, id, employee_id, …]"),
						firstName: column("[first_name, …]"),
						lastName: column("[last_name, …]"),
						email: column("work mail [work_email, email, …]"),
						manager: column("personnel number of the manager [manager_id, …]"),
						department: column("[department, …]"),
						title: column("[title, job_title, …]"),
						type: column("employee or contingent [type, worker_type, …]"),
						status: column("[status, …]"),
						started: column("first day [start_date, hire_date, …]"),
						ended: column("last day at work [end_date, termination_date, …]"),
					},
				},
				statuses: {
					type: "object",
					description: "what the feed's own status words mean",
					additionalProperties: { enum: ["active", "leave", "terminated", "pre-hire"] },
				},
				maxShrink: {
					type: "number",
					minimum: 0,
					maximum: 100,
					description: "a feed with that many percent fewer workers than the last one is not believed [5]",
				},
				maxAgeDays: { type: "number", exclusiveMinimum: 0, description: "a file older than this is not believed [7]" },
			},
		},
	},
} satisfies Record<string, unknown>;

/** `options` of the stack file, checked by the schema above. */
export interface HrOptions {
	file: string;
	columns?: Partial<Record<Column, string>>;
	statuses?: Record<string, "active" | "leave" | "terminated" | "pre-hire">;
	maxShrink?: number;
	maxAgeDays?: number;
}

export type Column = "id" | "firstName" | "lastName" | "email" | "manager" | "department" | "title" | "type" | "status" | "started" | "ended";

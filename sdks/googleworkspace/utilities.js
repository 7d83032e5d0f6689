// Written by npm run generate from tools/resources/googleworkspace.ts.
const { registerPackage } = require("@pulumi/pulumi/runtime");

/** The engine starts the plugin terraform-provider and tells it which provider to be; what it answers names that package. */
exports.getPackage = async () =>
	registerPackage({
		baseProviderName: "terraform-provider",
		baseProviderVersion: "1.4.0",
		baseProviderDownloadUrl: "",
		packageName: "googleworkspace",
		packageVersion: "0.7.0",
		base64Parameter: "eyJyZW1vdGUiOnsidXJsIjoicmVnaXN0cnkub3BlbnRvZnUub3JnL2hhc2hpY29ycC9nb29nbGV3b3Jrc3BhY2UiLCJ2ZXJzaW9uIjoiMC43LjAifX0=",
	});

exports.resourceOptsDefaults = () => ({ version: "0.7.0" });

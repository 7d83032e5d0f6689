/** Common control → its name, and its place in each compliance framework: `id` of the control there. */
const names: Readonly<Record<string, string>> = {
	"1": "Second factor for privileged access",
	"2": "Second factor for all access",
	"3": "Legacy authentication is off",
	"11": "Central sign-in",
	"12": "Only known domains join",
	"21": "Sessions end",
	"31": "Password length",
	"41": "Sharing outside is limited",
	"42": "Guests are controlled",
	"43": "Links expire",
	"44": "Mail stays inside",
	"45": "Anonymous access is off",
	"46": "Code stays inside",
	"51": "Audit log",
	"52": "Retention",
	"61": "Third-party apps are approved",
	"71": "Few administrators",
	"72": "Least privilege by default",
	"81": "Tokens expire",
	"82": "Secrets are found",
	"91": "Known networks only",
	"92": "Bad addresses are blocked",
};

const frameworks: { id: string; name: string; category: string; control: (number: number) => string; from: number }[] = [
	{ id: "nist-800-53", name: "NIST SP 800-53 Rev. 5", category: "Access Control", control: (n) => `AC-${(n % 25) + 1}`, from: 0 },
	{ id: "soc-2", name: "SOC 2", category: "Logical and Physical Access", control: (n) => `CC6.${(n % 8) + 1}`, from: 0 },
	{ id: "iso-27001", name: "ISO/IEC 27001:2022", category: "Technological controls", control: (n) => `A.8.${(n % 34) + 1}`, from: 0 },
	// Maps a part of the controls only.
	{ id: "pci-dss", name: "PCI DSS 4.0", category: "Requirement 8", control: (n) => `8.${(n % 6) + 1}.1`, from: 20 },
];

/** The answer of `catalog/controls/{common_control_id}`; undefined for an unknown one. */
export function controlProfiles(id: string): Record<string, unknown> | undefined {
	const number = /^PAN-(\d{8})$/.exec(id)?.[1];
	const name = number === undefined ? undefined : names[String(Number(number))];
	if (name === undefined) return undefined;
	const n = Number(number);
	const profiles = frameworks
		.filter(({ from }) => n >= from)
		.map(({ id: framework, name: title, category, control }) => ({
			id: framework,
			name: title,
			categories: [{ name: category, controls: [{ id: control(n), description: `${title}: ${name}.` }] }],
		}));
	return { id, name, profiles };
}

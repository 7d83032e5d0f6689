/**
 * The page's only script: it shows the filter over the findings, and opens the finding that a link names.
 * It writes no markup and takes nothing from the page but text.
 */
export const script = `(() => {
	const form = document.getElementById("filter");
	const open = () => {
		const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
		if (target && target.tagName === "DETAILS") {
			target.open = true;
			target.hidden = false;
			if (target.parentElement) target.parentElement.hidden = false;
			target.scrollIntoView();
		}
	};
	addEventListener("hashchange", open);
	open();
	if (!form) return;
	const text = document.getElementById("filter-text");
	const severity = document.getElementById("filter-severity");
	const count = document.getElementById("filter-count");
	const groups = [...document.querySelectorAll(".group")];
	const findings = [...document.querySelectorAll(".finding")].map((element) => ({ element, words: null }));
	const apply = () => {
		const wanted = text.value.trim().toLowerCase();
		let shown = 0;
		for (const finding of findings) {
			if (wanted !== "" && finding.words === null) finding.words = (finding.element.parentElement.firstElementChild.textContent + " " + finding.element.textContent).toLowerCase();
			const fits = (severity.value === "" || finding.element.dataset.severity === severity.value) && (wanted === "" || finding.words.includes(wanted));
			finding.element.hidden = !fits;
			if (fits) shown++;
		}
		for (const group of groups) group.hidden = group.querySelector(".finding:not([hidden])") === null;
		count.textContent = shown + " of " + findings.length + " shown";
	};
	form.addEventListener("input", apply);
	form.addEventListener("submit", (event) => event.preventDefault());
	form.hidden = false;
	apply();
})();`;

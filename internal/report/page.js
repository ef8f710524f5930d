/* SPDX-License-Identifier: GPL-3.0-or-later */
'use strict';
// The page is complete without this: it only adds a filter by words, and says how many chassis are left.
(() => {
	const box = document.getElementById('words');
	const said = document.getElementById('said');
	const radios = [...document.querySelectorAll('input[name=state]')];
	const chassis = new Map();
	for (const element of document.querySelectorAll('[data-c]')) {
		const entry = chassis.get(element.dataset.c) || {parts: [], text: '', state: ''};
		entry.parts.push(element);
		if (element.tagName === 'ARTICLE') {
			entry.text = element.textContent.toLowerCase();
			entry.state = element.classList[1];
		}
		chassis.set(element.dataset.c, entry);
	}
	const filter = () => {
		const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
		const state = (radios.find((radio) => radio.checked) || {value: ''}).value;
		let shown = 0;
		for (const {parts, text, state: own} of chassis.values()) {
			const fits = words.every((word) => text.includes(word));
			shown += fits && (!state || state === own) ? 1 : 0;
			for (const part of parts) part.hidden = !fits;
		}
		for (const group of document.querySelectorAll('.group[data-g]')) {
			group.hidden = !group.querySelector('li[data-c]:not([hidden])');
		}
		const all = shown === chassis.size && !words.length;
		said.textContent = all ? '' : `Filtered: ${shown} of ${chassis.size} chassis are shown.`;
	};
	let timer;
	box.addEventListener('input', () => {
		clearTimeout(timer);
		timer = setTimeout(filter, 80);
	});
	for (const radio of radios) radio.addEventListener('change', filter);
	document.getElementById('finder').hidden = chassis.size < 2;
	filter();
})();

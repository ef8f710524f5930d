/* SPDX-License-Identifier: GPL-3.0-or-later */
'use strict';
// The page is complete without this: it adds a filter by words, says how many chassis are left, and sorts the table.
(() => {
	const box = document.getElementById('words');
	const said = document.getElementById('said');
	const radios = [...document.querySelectorAll('.cards input')];
	const chassis = new Map();
	for (const element of document.querySelectorAll('[data-c]')) {
		const entry = chassis.get(element.dataset.c) || {parts: [], text: '', of: element.classList};
		entry.parts.push(element);
		entry.text += ' ' + element.textContent.toLowerCase();
		chassis.set(element.dataset.c, entry);
	}
	// With script, what is left out is hidden here, and the rules of the style sheet rest: they look at every element for each choice.
	document.querySelector('.sum').classList.remove('sum');
	// Of a large fleet the first table has only so many rows. The others are in the page when they are unfolded.
	const body = document.querySelector('.over tbody');
	const rest = document.querySelector('.rest');
	const most = body.rows.length;
	const rows = [...document.querySelectorAll('.over tbody tr')];
	const spread = () => {
		const left = rest ? rows.filter((row) => !row.hidden) : rows;
		body.replaceChildren(...left.slice(0, most));
		if (!rest) return;
		rest.querySelector('tbody').replaceChildren(...(rest.open ? left.slice(most) : []));
		rest.hidden = left.length <= most;
		rest.firstElementChild.textContent = `and ${left.length - most} more`;
	};
	const filter = () => {
		const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
		const chosen = radios.filter((radio) => radio.checked && radio.value).map((radio) => radio.value);
		let shown = 0;
		for (const {parts, text, of} of chassis.values()) {
			const fits = words.every((word) => text.includes(word)) && chosen.every((value) => of.contains(value));
			shown += fits ? 1 : 0;
			for (const part of parts) part.hidden = !fits;
		}
		for (const group of document.querySelectorAll('.group[data-g]')) {
			group.hidden = !group.querySelector('li[data-c]:not([hidden])');
			const folded = group.querySelector('details');
			if (folded) folded.open = words.length + chosen.length > 0 && folded.querySelectorAll('li[data-c]:not([hidden])').length <= 100;
		}
		if (rest) spread();
		said.textContent = chosen.length || words.length ? `Filtered: ${shown} of ${chassis.size} chassis are shown.` : '';
	};
	let timer;
	box.addEventListener('input', () => {
		clearTimeout(timer);
		timer = setTimeout(filter, 80);
	});
	for (const radio of radios) radio.addEventListener('change', filter);
	const heads = [...document.querySelector('.over thead').querySelectorAll('th')];
	const order = new Intl.Collator('en', {numeric: true});
	heads.forEach((head, column) => {
		const button = document.createElement('button');
		button.type = 'button';
		button.append(...head.childNodes);
		head.append(button);
		button.addEventListener('click', () => {
			const down = head.getAttribute('aria-sort') === 'ascending';
			for (const other of heads) other.removeAttribute('aria-sort');
			head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
			const texts = new Map(rows.map((row) => [row, row.cells[column].textContent]));
			rows.sort((a, b) => order.compare(texts.get(a), texts.get(b)) * (down ? -1 : 1));
			spread();
		});
	});
	if (rest) {
		rest.addEventListener('toggle', spread);
		for (const [event, open] of [['beforeprint', true], ['afterprint', false]]) {
			addEventListener(event, () => {
				rest.open = open;
				spread();
			});
		}
	}
	document.getElementById('finder').hidden = chassis.size < 2;
	filter();
})();

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
	const filter = () => {
		const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
		const chosen = radios.filter((radio) => radio.checked && radio.value).map((radio) => radio.value);
		let shown = 0;
		for (const {parts, text, of} of chassis.values()) {
			const fits = words.every((word) => text.includes(word));
			shown += fits && chosen.every((value) => of.contains(value)) ? 1 : 0;
			for (const part of parts) part.hidden = !fits;
		}
		for (const group of document.querySelectorAll('.group[data-g]')) {
			const left = [...group.querySelectorAll('li[data-c]:not([hidden])')];
			group.hidden = !left.some((item) => chosen.every((value) => item.classList.contains(value)));
			const folded = group.querySelector('details');
			if (folded && (words.length || chosen.length)) folded.open = true;
		}
		said.textContent = chosen.length || words.length ? `Filtered: ${shown} of ${chassis.size} chassis are shown.` : '';
	};
	let timer;
	box.addEventListener('input', () => {
		clearTimeout(timer);
		timer = setTimeout(filter, 80);
	});
	for (const radio of radios) radio.addEventListener('change', filter);
	const body = document.querySelector('.over tbody');
	const heads = [...document.querySelectorAll('.over thead th')];
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
			const rows = [...body.rows].map((row) => [row.cells[column].textContent, row]);
			rows.sort(([a], [b]) => order.compare(a, b) * (down ? -1 : 1));
			body.append(...rows.map(([, row]) => row));
		});
	});
	document.getElementById('finder').hidden = chassis.size < 2;
	filter();
})();

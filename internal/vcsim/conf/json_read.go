// SPDX-License-Identifier: GPL-3.0-or-later

package conf

func readJSON(in string, root *edit, errs *problems) {
	errs.add(Problem{Message: msgSyntax})
}

// SPDX-License-Identifier: GPL-3.0-or-later

package docs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Schema is what a RETURN block says of a module's results, as something that a
// result can be compared with.
type Schema struct{ fields map[string]field }

// SchemaOf generates the schema from the RETURN block of a stub, with the results
// that Ansible itself documents.
func SchemaOf(stub, fragments string) (Schema, error) {
	p, err := readPage(stub, fragments)
	if err != nil {
		return Schema{}, err
	}
	all := mergeMaps(commonFields(), p.returns)
	return Schema{all}, nil
}

// commonFields are those in common, with the types that Ansible gives them. A module
// of ours always says whether it has changed something.
func commonFields() map[string]field {
	return map[string]field{
		"changed":  {Type: "bool", Returned: "always"},
		"diff":     {Type: "dict"},
		"failed":   {Type: "bool"},
		"msg":      {Type: "str"},
		"warnings": {Type: "list", Elements: "str"},
	}
}

// Compare returns every way in which a result, as a module prints it, is not what
// the block says: a sentence each.
func (s Schema) Compare(result []byte) []string {
	decoder := json.NewDecoder(bytes.NewReader(result))
	decoder.UseNumber()
	var values map[string]any
	if err := decoder.Decode(&values); err != nil {
		return []string{fmt.Sprintf("the result is no JSON object: %v", err)}
	}
	var d differences
	d.compareFields("", values, s.fields)
	d.compareSuccess(values, s.fields)
	d.compareTogether(values, s.fields)
	return d
}

// compareFields compares a dict with what is documented of it.
func (d *differences) compareFields(at string, values map[string]any, documented map[string]field) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		doc, ok := documented[name]
		if !ok {
			d.addDifference("%s%s: returned, but not documented", at, name)
			continue
		}
		d.compareValue(at+name, values[name], doc)
	}
	for _, name := range slices.Sorted(maps.Keys(documented)) {
		if _, given := values[name]; !given && documented[name].Returned == "always" {
			d.addDifference("%s%s: documented as returned always, but is missing", at, name)
		}
	}
}

// compareValue compares one value. Null has to be documented in words, for RETURN has
// no type for it.
func (d *differences) compareValue(at string, v any, doc field) {
	if v == nil {
		if !strings.Contains(fmt.Sprint(doc.Description), "null") {
			d.addDifference("%s: null, which is not documented", at)
		}
		return
	}
	if got := typeOf(v); !isOfType(got, doc.Type) {
		d.addDifference("%s: documented as %s, got %s", at, doc.Type, got)
		return
	}
	switch t := v.(type) {
	case []any:
		for i, element := range t {
			d.compareValue(fmt.Sprintf("%s[%d]", at, i), element, field{Type: doc.Elements, Contains: doc.Contains})
		}
	case map[string]any:
		if len(doc.Contains) > 0 {
			d.compareFields(at+".", t, doc.Contains)
		}
	}
}

// compareSuccess compares the fields that a success has, as Ansible's word for it is.
func (d *differences) compareSuccess(values map[string]any, documented map[string]field) {
	if values["failed"] == true {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(documented)) {
		if _, given := values[name]; !given && documented[name].Returned == "success" {
			d.addDifference("%s: documented as returned on success, but is missing", name)
		}
	}
}

// compareTogether compares the fields that are returned on one and the same condition,
// such as "when the chassis was read": all of them are there, or none is.
func (d *differences) compareTogether(values map[string]any, documented map[string]field) {
	there, missing := map[string][]string{}, map[string][]string{}
	for name, doc := range documented {
		if !strings.HasPrefix(doc.Returned, "when the chassis was read") {
			continue
		}
		if _, given := values[name]; given {
			there[doc.Returned] = append(there[doc.Returned], name)
		} else {
			missing[doc.Returned] = append(missing[doc.Returned], name)
		}
	}
	for _, when := range slices.Sorted(maps.Keys(there)) {
		if len(missing[when]) > 0 {
			d.addDifference("%s: missing, but also documented as returned %s, as is %s", strings.Join(slices.Sorted(slices.Values(missing[when])), ", "), when, slices.Min(there[when]))
		}
	}
}

// typeOf names the type of a decoded value as documentation does.
func typeOf(v any) string {
	switch t := v.(type) {
	case bool:
		return "bool"
	case string:
		return "str"
	case []any:
		return "list"
	case json.Number:
		if _, err := t.Int64(); err == nil {
			return "int"
		}
		return "float"
	}
	return "dict"
}

// isOfType says that a value of one type is one of another: a whole number is a float
// too.
func isOfType(got, documented string) bool {
	switch documented {
	case "raw", "":
		return true
	case "complex":
		return got == "dict"
	case "float":
		return got == "float" || got == "int"
	}
	return got == documented
}

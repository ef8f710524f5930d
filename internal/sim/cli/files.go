// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"
)

func fileCommands() []command {
	name := func(run func(*session, call) (result, error)) []command {
		return []command{{word: "<filename>", help: "Name of file", run: run}}
	}
	return []command{
		{word: "checksum", help: "Calculate file checksum", reads: true, sub: []command{
			{word: "md5", help: "Calculate MD5 checksum", sub: name(fileChecksum(""))},
			{word: "sha-256", help: "Calculate SHA-256 checksum", sub: name(fileChecksum("<sha256/>"))},
		}},
		{word: "copy", help: "Copy file", sub: []command{{word: "<source>", help: "Source file", sub: []command{
			{word: "<destination>", help: "Destination file", run: writing("file-copy", "source", "destination")},
		}}}},
		{word: "delete", help: "Delete file", sub: name(writing("file-delete", "path"))},
		{word: "list", help: "List file information", reads: true, show: get("file-list", renderFiles)},
		{word: "show", help: "Show file contents", reads: true, sub: name(showFile)},
	}
}

func fileChecksum(selector string) func(*session, call) (result, error) {
	return func(s *session, c call) (result, error) {
		rpc := "<get-checksum-information>" + elementXML("path", c.args[0]) + selector + "</get-checksum-information>"
		return s.renderRPC(c, rpc, func(root *etree.Element) string {
			e := firstElement(root, "file-checksum")
			return fmt.Sprintf("%s (%s) = %s\n", childText(e, "computation-method"), childText(e, "input-file"), childText(e, "checksum"))
		})
	}
}

func showFile(s *session, c call) (result, error) {
	return s.renderRPC(c, "<file-show>"+elementXML("filename", c.args[0])+"</file-show>", renderOutput)
}

// renderFiles lists names, and what the reply has of each file besides.
func renderFiles(root *etree.Element) string {
	var b strings.Builder
	for _, d := range root.FindElements(".//directory") {
		fmt.Fprintf(&b, "\n%s:\n", d.SelectAttrValue("name", ""))
		for _, f := range d.SelectElements("file-information") {
			if mode := f.FindElement("file-permissions"); mode != nil {
				fmt.Fprintf(&b, "%s  %s %s  %s  %8s  ", mode.SelectAttrValue("format", ""), childText(f, "file-links"),
					childText(f, "file-owner"), childText(f, "file-group"), childText(f, "file-size"))
			}
			b.WriteString(childText(f, "file-name") + "\n")
		}
		fmt.Fprintf(&b, "total files: %s\n", childText(d, "total-files"))
	}
	return b.String()
}

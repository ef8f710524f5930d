// SPDX-License-Identifier: GPL-3.0-or-later

package device

// collectionVersion is set by the build from galaxy.yml, the one home of the version.
var collectionVersion = "dev"

// Version is the version of the collection, for commit logs.
func Version() string { return collectionVersion }

// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "testing"

func TestCompare(t *testing.T) {
	for _, c := range []struct{ name, old, edit, want string }{
		{"nothing", "system { host-name a; }", "", ""},
		{"leaf changed", "system { host-name a; }", "set system host-name b", `[edit system]
-  host-name a;
+  host-name b;
`},
		{"leaf added below a container", "system { services { ssh; } }", "set system services ssh root-login deny", `[edit system services ssh]
+    root-login deny;
`},
		{"container added", "system { host-name a; }", "set system services netconf ssh", `[edit system]
+   services {
+       netconf {
+           ssh;
+       }
+   }
`},
		{"flag added", "system { host-name a; services { ssh; } commit { synchronize; } }", "set system commit config-sync-with-scp", `[edit system commit]
+   config-sync-with-scp;
`},
		{"top level", "system { host-name a; }", "set protocols lldp interface all", `[edit]
+  protocols {
+      lldp {
+          interface all;
+      }
+  }
`},
		{"interface", "interfaces { ge-0/0/0 { mtu 1500; } }", "set interfaces ge-0/0/1 unit 0", `[edit interfaces]
+   ge-0/0/1 {
+       unit 0;
+   }
`},
		{"address after another", "interfaces { ge-0/0/0 { unit 0 { family inet { address 192.0.2.1/25; } } } }",
			"set interfaces ge-0/0/0 unit 0 family inet address 192.0.2.129/25", `[edit interfaces ge-0/0/0 unit 0 family inet]
        address 192.0.2.1/25 { ... }
+       address 192.0.2.129/25;
`},
		{"values", "interfaces { ge-0/0/0 { unit 0 { family ethernet-switching { vlan { members [ a b ]; } } } } }",
			"set interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members c", `[edit interfaces ge-0/0/0 unit 0 family ethernet-switching vlan]
-       members [ a b ];
+       members [ a b c ];
`},
		{"route on one line", "routing-options { static { route 0.0.0.0/0 next-hop 192.0.2.1; } }",
			"delete routing-options static route 0.0.0.0/0 next-hop\nset routing-options static route 0.0.0.0/0 next-hop 192.0.2.2", `[edit routing-options static]
-    route 0.0.0.0/0 next-hop 192.0.2.1;
+    route 0.0.0.0/0 next-hop 192.0.2.2;
`},
		{"name server", "system { name-server { 192.0.2.1; } }", "set system name-server 192.0.2.2", `[edit system name-server]
    192.0.2.1 { ... }
+   192.0.2.2;
`},
		{"first name server", "system { host-name a; }", "set system name-server 192.0.2.2", `[edit system]
+   name-server {
+       192.0.2.2;
+   }
`},
		{"last group", "groups { g { system { host-name a; } } } system { host-name b; }", "delete groups g", `[edit]
-  groups {
-      g {
-          system {
-              host-name a;
-          }
-      }
-  }
`},
		{"in a group", "groups { g { policy-options { as-path a 1; } } }", "set groups g policy-options as-path b 2", `[edit groups g policy-options]
     as-path a { ... }
+    as-path b 2;
`},
		{"leaf, then list", "snmp { community a; }", "set snmp location here\nset snmp contact me\nset snmp community b", `[edit snmp]
+  location here;
+  contact me;
[edit snmp]
    community a { ... }
+   community b;
`},
		{"secret and removal", "system { host-name a; domain-name example.com; root-authentication { encrypted-password \"$6$x\"; } }", "delete system host-name\ndelete system root-authentication", `[edit system]
-  host-name a;
-  root-authentication {
-      encrypted-password "$6$x"; ## SECRET-DATA
-  }
`},
		{"deactivated", "system { commit { synchronize; } } chassis { redundancy { graceful-switchover; } }", "deactivate system commit synchronize\ndeactivate chassis redundancy graceful-switchover", `[edit system commit]
!    inactive: synchronize;
[edit chassis redundancy]
!     inactive: graceful-switchover { ... }
`},
		{"activated", "interfaces { inactive: ge-0/0/0 { mtu 1500; } }", "activate interfaces ge-0/0/0", `[edit interfaces]
!    active: ge-0/0/0 { ... }
`},
		{"value without a keyword", "routing-instances { r { vrf-target target:1:1; } }", "set routing-instances r vrf-target target:2:2", `[edit routing-instances r]
-    vrf-target target:1:1;
+    vrf-target target:2:2;
`},
		{"moved", "policy-options { policy-statement p { term a; term b; term c; } }", "insert policy-options policy-statement p term c before term b", `[edit policy-options policy-statement p]
     term a { ... }
!    term c { ... }
!    term b { ... }
`},
		{"apply-macro", "system { commit { synchronize; } }", "set system commit apply-macro m 0 AB\nset system commit apply-macro m 1 CD", `[edit system commit]
+    apply-macro m {
+        0 AB;
+        1 CD;
+    }
`},
		{"macro entry", "system { commit { apply-macro m { 0 AB; 1 CD; } } }", "set system commit apply-macro m 1 EF\n", `[edit system commit apply-macro m]
-     1 CD;
+     1 EF;
`},
		{"annotated", "interfaces { xe-0/0/7 { mtu 1500; } }", `annotate interfaces xe-0/0/7 "new zone"`, `[edit interfaces]
+   /* new zone */
    xe-0/0/7 { ... }
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			old := load(t, ActionMerge, FormatText, c.old)
			new := old.Clone()
			if p := new.Load(ActionSet, FormatSet, c.edit); len(p) > 0 {
				t.Fatal(p)
			}
			wantText(t, "compare", Compare(old, new), c.want)
		})
	}
}

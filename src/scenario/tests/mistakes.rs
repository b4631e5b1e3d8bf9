//! What is said of mistakes: each at its place, all at once, with what would be right.

use super::*;

mod values;

const TO: &str = "copy = [{ to = \"eu-west-1\" }]";

#[test]
fn all_problems_come_at_once_and_each_at_its_place() {
    let text = EXAMPLE
        .replace("volumes = 60", "volumes = 0\ncolour = \"red\"")
        .replace("horizon = \"7 days\"", "horizon = 7\nreplication = 3")
        .replace("completion_duration = \"15 min\"", "completion_duration = \"20 min\"")
        .replace("limit = \"2 h\"", "limit = \"-2 h\"");
    insta::assert_snapshot!(said(&text), @r#"
    error: scenario.horizon: no known unit in `7` (try `7 min`)
     --> x.toml:3:11
      |
    3 | horizon = 7
      |           ^

    error: scenario.replication: unknown key
     --> x.toml:4:1
      |
    4 | replication = 3
      | ^^^^^^^^^^^
      |
      = help: did you mean `replications`?

    error: fleet.databases.volumes: must be at least 1, not 0
      --> x.toml:10:11
       |
    10 | volumes = 0
       |           ^

    error: fleet.databases.colour: unknown key
      --> x.toml:11:1
       |
    11 | colour = "red"
       | ^^^^^^
       |
       = help: known here: `account`, `application`, `change`, `copy`, `each`, `fill`, `growth`, `inventory`, `location`, `name`, `re_encrypt`, `size`, `snapshot`, `volumes`, and `volumes_per_application`

    error: fleet.databases.copy[0].completion_duration: `20 min` is no completion duration: they go from 15 min to 48 h in steps of 15 min (F1, F2)
      --> x.toml:15:51
       |
    15 | copy = [{ to = "us-west-2", completion_duration = "20 min", retain = "3 days" }]
       |                                                   ^^^^^^^^

    error: target[0].limit: `-2 h` is negative; a time is not
      --> x.toml:20:9
       |
    20 | limit = "-2 h"
       |         ^^^^^^
    "#);
}

#[test]
fn a_mistake_of_syntax_comes_alone() {
    insta::assert_snapshot!(said("[scenario]\nhorizon = \"7 days\nseed = x\n"), @r#"
    error: this is no TOML: invalid basic string, expected `"`
     --> x.toml:2:18
      |
    2 | horizon = "7 days
      |                  ^
    "#);
}

#[test]
fn places_that_do_not_exist_are_named() {
    let text = fleet("copy = [{ to = [\"eu-wets-1\", \"us-west-2-lax-1\", \"moon\"] }]");
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.copy[0].to: there is no Region, Local Zone, or Outpost `eu-wets-1`
     --> x.toml:6:17
      |
    6 | copy = [{ to = ["eu-wets-1", "us-west-2-lax-1", "moon"] }]
      |                 ^^^^^^^^^^^
      |
      = help: did you mean `eu-west-1`?

    error: fleet.a.copy[0].to: there is no Region, Local Zone, or Outpost `us-west-2-lax-1`
     --> x.toml:6:30
      |
    6 | copy = [{ to = ["eu-wets-1", "us-west-2-lax-1", "moon"] }]
      |                              ^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `us-west-2-lax-1a`?

    error: fleet.a.copy[0].to: there is no Region, Local Zone, or Outpost `moon`
     --> x.toml:6:49
      |
    6 | copy = [{ to = ["eu-wets-1", "us-west-2-lax-1", "moon"] }]
      |                                                 ^^^^^^
      |
      = help: Outposts are declared by `[[outpost]]`
    "#);
}

#[test]
fn routes_that_do_not_exist_are_refused_with_the_fact() {
    let text = format!(
        "[[outpost]]\nname = \"plant\"\nregion = \"eu-west-1\"\nservice_link = \"1 Gbit/s\"\n{}",
        fleet("copy = [{ to = [\"plant\", \"us-east-1-atl-2a\", \"cn-north-1\"] }]")
    );
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.copy[0].to: `plant` takes snapshots from its own Region alone, which is `eu-west-1`, not `us-west-2`; copy to `eu-west-1` first (F56, P-ROUTE-CODE)
      --> x.toml:10:17
       |
    10 | copy = [{ to = ["plant", "us-east-1-atl-2a", "cn-north-1"] }]
       |                 ^^^^^^^
       |
       = help: in two hops: `{ to = "eu-west-1", then = [{ to = "plant" }] }`

    error: fleet.a.copy[0].to: `us-east-1-atl-2a` takes snapshots from its own Region alone, which is `us-east-1`, not `us-west-2`; copy to `us-east-1` first (F56, P-ROUTE-CODE)
      --> x.toml:10:26
       |
    10 | copy = [{ to = ["plant", "us-east-1-atl-2a", "cn-north-1"] }]
       |                          ^^^^^^^^^^^^^^^^^^
       |
       = help: in two hops: `{ to = "us-east-1", then = [{ to = "us-east-1-atl-2a" }] }`

    error: fleet.a.copy[0].to: `us-west-2` is in partition aws, `cn-north-1` in aws-cn; copies do not cross (F54, P-ROUTE-CODE)
      --> x.toml:10:46
       |
    10 | copy = [{ to = ["plant", "us-east-1-atl-2a", "cn-north-1"] }]
       |                                              ^^^^^^^^^^^^
    "#);
}

#[test]
fn edges_take_no_completion_duration() {
    let text = fleet("copy = [{ to = \"us-west-2-lax-1a\", completion_duration = \"15 min\" }]");
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.copy[0].completion_duration: copies from or to a Local Zone take no completion duration, and `us-west-2-lax-1a` is one (F24, P-TB-EDGE-CODE)
     --> x.toml:6:58
      |
    6 | copy = [{ to = "us-west-2-lax-1a", completion_duration = "15 min" }]
      |                                                          ^^^^^^^^
      |
      = help: leave it out: such copies are standard ones
    "#);
}

#[test]
fn missing_keys_are_said_with_what_they_mean() {
    insta::assert_snapshot!(said("[[fleet]]\nname = \"a\"\nvolumes = 3\n[[target]]\nkind = \"rpo\"\n"), @r#"
    error: fleet.a.location: `location` is missing
     --> x.toml:1:1
      |
    1 | [[fleet]]
      | ^^^^^^^^^
      |
      = help: Region or Local Zone of the volumes.

    error: fleet.a.snapshot: `snapshot` is missing
     --> x.toml:1:1
      |
    1 | [[fleet]]
      | ^^^^^^^^^
      |
      = help: When snapshots are made.

    error: fleet.a.copy: `copy` is missing
     --> x.toml:1:1
      |
    1 | [[fleet]]
      | ^^^^^^^^^
      |
      = help: Where they are copied to.

    error: target[0]: a target for the RPO needs a `limit`: `limit = "2 h"`
     --> x.toml:4:1
      |
    4 | [[target]]
      | ^^^^^^^^^^
    "#);
}

#[test]
fn names_are_unique_and_known() {
    let text = fleet("copy = [{ to = \"eu-west-1\", client = \"nightly\" }]")
        + &fleet(TO)
        + "[[client]]\nname = \"nightl\"\n[[target]]\nkind = \"rpo\"\nfleet = \"b\"\nlimit = \"2 h\"\n\
           [[target]]\nkind = \"link\"\nlink = \"l\"\nbelow = \"50 %\"\nlimit = \"1 h\"\n";
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.copy[0].client: there is no client `nightly`
     --> x.toml:6:38
      |
    6 | copy = [{ to = "eu-west-1", client = "nightly" }]
      |                                      ^^^^^^^^^
      |
      = help: did you mean `nightl`?

    error: fleet.a.name: the name `a` is taken already
      --> x.toml:11:8
       |
    11 | name = "a"
       |        ^^^
       |
       = help: fleets, images, and copies share one set of names

    error: target[2].fleet: there is no fleet, image, or copy `b`
      --> x.toml:23:9
       |
    23 | fleet = "b"
       |         ^^^
       |
       = help: did you mean `a`?

    error: target[3].link: there is no link `l` with a capacity
      --> x.toml:27:8
       |
    27 | link = "l"
       |        ^^^
       |
       = help: declare it: `[[link]]`

    error: target[3].limit: does not go with `kind = "link"`
      --> x.toml:29:9
       |
    29 | limit = "1 h"
       |         ^^^^^
    "#);
}

#[test]
fn files_that_cannot_be_used_are_named_with_their_lines() {
    let inventory = |files: &str| {
        said(&fleet(&format!("inventory = {{ {files} }}\n{TO}")).replace("volumes = 2\n", ""))
    };
    insta::assert_snapshot!(inventory("snapshots = [\"no.json\", \"volumes.json\"]"), @r#"
    error: fleet.a.inventory.snapshots: `no.json` cannot be read: there is no such file
     --> x.toml:5:28
      |
    5 | inventory = { snapshots = ["no.json", "volumes.json"] }
      |                            ^^^^^^^^^
      |
      = help: paths of inputs start at the folder of the scenario

    error: fleet.a.inventory.snapshots: this is the output of `aws ec2 describe-volumes` (key `Volumes`), not the output of `describe-snapshots`
    --> volumes.json
     = help: run `aws ec2 describe-snapshots --owner-ids self --output json`
    "#);
    insta::assert_snapshot!(inventory("snapshots = \"truncated.json\""), @r#"
    error: fleet.a.inventory.snapshots: the JSON ends in the middle
    --> truncated.json:1:38
     = help: was the file cut off?
    "#);
    insta::assert_snapshot!(inventory("csv = \"broken.csv\""), @r#"
    error: fleet.a.inventory.csv: 1 field, where the header has 2
    --> broken.csv:3

    error: fleet.a.inventory.csv: volume `vol-a` stands on line 2 too
    --> broken.csv:4
    "#);
    insta::assert_snapshot!(inventory("images = \"volumes.json\""), @r#"
    error: fleet.a.inventory: a fleet's inventory has `snapshots`, a `csv`, or both
     --> x.toml:5:13
      |
    5 | inventory = { images = "volumes.json" }
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    let flows =
        "[[link]]\nname = \"l0\"\ncapacity = \"1 GB/s\"\n[flows]\nfile = \"broken-flows.csv\"\n";
    insta::assert_snapshot!(said(flows), @r#"
    error: flows.file: path: there is no link `l2` (did you mean `l0`?)
    --> broken-flows.csv:2

    error: flows.file: arrival_s: `x` is no number of seconds
    --> broken-flows.csv:3

    error: flows.file: path: without links and without a cap, nothing limits the flow
    --> broken-flows.csv:4

    error: flows.file: 3 fields stand here, where 5 belong
    --> broken-flows.csv:5
    "#);
}

#[test]
fn axes_have_values_and_vary_what_may_vary() {
    let text = fleet(TO)
        + "[[axis]]\nkey = \"scenario.seed\"\nvalues = [1, 2]\n\
           [[axis]]\nkey = \"limits.snapshot_copies\"\nvalues = []\n\
           [[axis]]\nkey = \"limits.quota\"\nrange = { from = \"1 GiB/s\", to = \"2 Gbit/s\", n = 3 }\n\
           [[axis]]\nkey = \"limits.image_copies\"\n";
    insta::assert_snapshot!(said(&text), @r#"
    error: axis[0].key: `scenario.seed` cannot vary: all points share it
      --> x.toml:11:7
       |
    11 | key = "scenario.seed"
       |       ^^^^^^^^^^^^^^^
       |
       = help: points are compared on the same draws and by the same axes

    error: axis[1].values: the list of values is empty
      --> x.toml:15:10
       |
    15 | values = []
       |          ^^

    error: axis[2].range: the ends and the step of a range are in the same unit
      --> x.toml:18:9
       |
    18 | range = { from = "1 GiB/s", to = "2 Gbit/s", n = 3 }
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error: axis[3]: an axis has one of `values`, `range`, `log_range`
      --> x.toml:19:1
       |
    19 | [[axis]]
       | ^^^^^^^^
       |
       = help: such as `values = [10, 20, 40]`
    "#);
}

#[test]
fn what_is_due_outside_of_the_run_is_told() {
    let once = |moment: &str| fleet(TO).replace("every = \"1 h\"", &format!("once = {moment}"));
    insta::assert_snapshot!(said(&once("2026-01-04T00:00:00Z")), @r#"
    error: fleet.a.snapshot.once: lies before the start of the run
     --> x.toml:5:21
      |
    5 | snapshot = { once = 2026-01-04T00:00:00Z }
      |                     ^^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(warned(&once("\"8 days\"")), @r#"
    warning: fleet.a.snapshot.once: lies after the horizon
     --> x.toml:5:21
      |
    5 | snapshot = { once = "8 days" }
      |                     ^^^^^^^^
      |
      = help: copies count when they are due within the horizon
    "#);
}

#[test]
fn what_may_be_a_mistake_is_warned_of() {
    let text = "[limits]\ncopy_rate = \"600 MiB/s\"\n[[client]]\nname = \"idle\"\n".to_owned()
        + &fleet("copy = [{ to = \"us-west-2-den-1a\", retain = \"30 min\" }]")
        + "[[link]]\nname = \"l\"\ncapacity = \"1 GB/s\"\nto = \"eu-west-1\"\n";
    insta::assert_snapshot!(warned(&text), @r#"
    warning: limits.copy_rate: the provider does not adjust the rate of one copy (F3)
     --> x.toml:2:13
      |
    2 | copy_rate = "600 MiB/s"
      |             ^^^^^^^^^^^
      |
      = help: it is fixed at 500 MiB/s

    warning: client.idle: no copy is asked for by this client
     --> x.toml:4:8
      |
    4 | name = "idle"
      |        ^^^^^^

    warning: fleet.a.copy[0].to: nothing is published on local snapshots in `us-west-2-den-1a` (F124)
      --> x.toml:10:16
       |
    10 | copy = [{ to = "us-west-2-den-1a", retain = "30 min" }]
       |                ^^^^^^^^^^^^^^^^^^
       |
       = help: they exist where the zone has Amazon S3: ask before you rest on it

    warning: fleet.a.copy[0].retain: is less than the 60 min between two copies
      --> x.toml:10:45
       |
    10 | copy = [{ to = "us-west-2-den-1a", retain = "30 min" }]
       |                                             ^^^^^^^^
       |
       = help: the base is gone before the next copy, so that every copy is full

    warning: link.l: no copy crosses this link
      --> x.toml:15:8
       |
    15 | name = "l"
       |        ^^^
       |
       = help: `from` and `to` say which ones do
    "#);
}

//! Orchestrators as clients: whose manners they bring, and what they cannot say.

use super::*;
use crate::model::{
    AfterTimeout, Client, ClientPolicy, Jitter, Orchestrator, QueueOrder, Schedule, Waiter,
};
use crate::scenario::envelope;

/// The fleet, hourly unless its keys say more, and copied to Virginia by this client.
fn by(client: &str, keys: &str) -> String {
    fleet(&format!("copy = [{{ to = \"us-east-1\", client = \"{client}\"{keys} }}]"))
}

/// Images that are released every day, and copied by this client.
fn released(copy: &str) -> String {
    format!(
        "[[image]]\nname = \"gold\"\nlocation = \"us-west-2\"\n\
         family = [{{ name = \"web\", snapshots = [{{ size = \"8 GiB\" }}] }}]\n\
         release = {{ every = \"1 day\" }}\ncopy = [{{ {copy} }}]\n\
         [[target]]\nkind = \"copy\"\nlimit = \"2 h\"\n"
    )
}

fn clients(text: &str) -> Vec<Client> {
    model(text).clients
}

fn schedule(text: &str) -> Schedule {
    model(text).fleets.swap_remove(0).schedule
}

/// One fleet names DLM twice and a client of nobody's manners once: two clients.
#[test]
fn an_orchestrator_needs_no_declaration_and_is_one_client() {
    let text = fleet(
        "copy = [{ to = \"us-east-1\", client = \"dlm\" }, \
         { to = \"eu-west-1\", client = \"dlm\" }, { to = \"eu-west-2\" }]",
    );
    let clients = clients(&text);
    let names: Vec<_> =
        clients.iter().map(|client| (client.name.as_str(), client.orchestrator)).collect();
    assert_eq!(names, [("dlm", Some(Orchestrator::Dlm)), ("a", None)]);
    assert_eq!(clients[0], Orchestrator::Dlm.client("dlm"));
}

/// `nightly` writes three keys; all others are Lambda's.
#[test]
fn a_declared_client_changes_single_keys_of_an_orchestrator() {
    let text = format!(
        "[[client]]\nname = \"nightly\"\norchestrator = \"lambda\"\ntimeout = \"5 min\"\n\
         backoff = {{ max = \"90 s\" }}\nmax_copies = 2\n{}",
        by("nightly", "")
    );
    let then = AfterTimeout::RestAndCopyAgain;
    let waiter = Some(Waiter { timeout: Span::from_mins(5), then });
    let expected = Client {
        waiter,
        image_waiter: waiter,
        backoff_max: Span::from_secs(90),
        max_copies: Some(2),
        ..Orchestrator::Lambda.client("nightly")
    };
    assert_eq!(clients(&text), [expected]);
}

/// Terraform waits 10 min for a snapshot and 40 min for an image: only what happens then changes.
#[test]
fn what_happens_after_a_timeout_is_changed_without_changing_the_timeouts() {
    let text = format!(
        "[[client]]\nname = \"apply\"\norchestrator = \"terraform\"\non_timeout = \"copy-again\"\n{}",
        by("apply", "")
    );
    let [client] = clients(&text).try_into().expect("one client");
    let then = AfterTimeout::CopyAgain;
    let waits = |mins| Some(Waiter { timeout: Span::from_mins(mins), then });
    assert_eq!((client.waiter, client.image_waiter), (waits(10), waits(40)));
}

/// The limit of Image Builder can be written without its policy, which is a queue already.
#[test]
fn the_queue_of_image_builder_takes_another_limit() {
    let text = format!(
        "[[client]]\nname = \"bake\"\norchestrator = \"image-builder\"\nlimit = 20\n{}",
        released("to = \"eu-west-1\", client = \"bake\"")
    );
    let [client] = clients(&text).try_into().expect("one client");
    let policy = ClientPolicy::Queue { order: QueueOrder::Fifo, limit: Some(20) };
    assert_eq!((client.policy, client.jitter), (policy, Jitter::Full));
}

/// DLM begins within an hour, with nothing besides; what the schedule writes stands; of an hour
/// between two snapshots, AWS Backup's window of 8 h leaves that hour, of a day all 8 h.
#[test]
fn a_start_window_is_the_orchestrators_where_the_schedule_names_none() {
    let start = |text: &str| {
        let schedule = schedule(text);
        (schedule.window, schedule.jitter)
    };
    let hour = Span::from_hours(1);
    assert_eq!(start(&by("dlm", "")), (hour, Span::ZERO));
    let own = by("dlm", "").replace("\"1 h\" }", "\"1 h\", window = \"20 min\" }");
    assert_eq!(start(&own), (Span::from_mins(20), Span::from_secs(60)));
    assert_eq!(start(&by("aws-backup", "")), (hour, Span::ZERO));
    let daily = by("aws-backup", "").replace("every = \"1 h\"", "at = \"01:00\"");
    assert_eq!(start(&daily), (Span::from_hours(8), Span::ZERO));
    assert_eq!(start(&by("lambda", "")), (Span::ZERO, Span::from_secs(60)));
    assert_eq!(start(&released("to = \"eu-west-1\", client = \"dlm\"")), (hour, Span::ZERO));
}

/// Nightly, two fleets alike but for who copies: the least RPO that can be promised differs by the
/// window, 1 h, less the jitter of 60 s that a fleet without an orchestrator has: by 59 min.
#[test]
fn the_least_rpo_counts_the_window_of_the_orchestrator() {
    let least = |client: &str| {
        let text = by(client, "").replace("every = \"1 h\"", "at = \"01:00\"");
        let text =
            text.replace("kind = \"copy\"\nlimit = \"2 h\"", "kind = \"rpo\"\nlimit = \"40 h\"");
        envelope(&model(&text)).rpo[0].least
    };
    assert_eq!(least("dlm"), least("lambda") + Span::from_mins(59));
}

#[test]
fn a_completion_duration_is_refused_where_there_is_no_field_for_it() {
    let text = fleet(
        "copy = [{ to = \"us-east-1\", client = \"dlm\", completion_duration = \"15 min\" }, \
         { to = \"eu-west-1\", client = \"dlm\", first_copy = \"48 h\" }]",
    );
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.copy[0].completion_duration: `dlm` cannot ask for a completion duration: its CrossRegionCopyRule has no field for one (F157)
     --> x.toml:6:67
      |
    6 | copy = [{ to = "us-east-1", client = "dlm", completion_duration = "15 min" }, { to = "eu-west-1", client = "dlm", first_copy = "48 h" }]
      |                                                                   ^^^^^^^^
      |
      = help: leave it out, or copy by `terraform`, `lambda`, or a client of your own

    error: fleet.a.copy[1].first_copy: `dlm` cannot ask for a completion duration: its CrossRegionCopyRule has no field for one (F157)
     --> x.toml:6:128
      |
    6 | copy = [{ to = "us-east-1", client = "dlm", completion_duration = "15 min" }, { to = "eu-west-1", client = "dlm", first_copy = "48 h" }]
      |                                                                                                                                ^^^^^^
      |
      = help: leave it out, or copy by `terraform`, `lambda`, or a client of your own
    "#);
    let text = by("aws-backup", ", completion_duration = \"15 min\"");
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.copy[0].completion_duration: `aws-backup` cannot ask for a completion duration: its copy jobs have no field for one (F158)
     --> x.toml:6:74
      |
    6 | copy = [{ to = "us-east-1", client = "aws-backup", completion_duration = "15 min" }]
      |                                                                          ^^^^^^^^
      |
      = help: leave it out, or copy by `terraform`, `lambda`, or a client of your own
    "#);
    let terraform = "client = \"terraform\", completion_duration = \"15 min\"";
    let text = released(&format!("to = \"eu-west-1\", {terraform}"));
    insta::assert_snapshot!(said(&text), @r#"
    error: image.gold.copy[0].completion_duration: `terraform` cannot ask for a completion duration: its `aws_ami_copy` has no argument for one (O9)
     --> x.toml:6:73
      |
    6 | copy = [{ to = "eu-west-1", client = "terraform", completion_duration = "15 min" }]
      |                                                                         ^^^^^^^^
      |
      = help: leave it out, or copy by `packer`, `lambda`, or a client of your own
    "#);
    let text = released(
        "to = \"eu-west-1\", client = \"image-builder\", completion_duration = \"15 min\"",
    );
    insta::assert_snapshot!(said(&text), @r#"
    error: image.gold.copy[0].completion_duration: `image-builder` cannot ask for a completion duration: its distribution settings have no field for one (O5)
     --> x.toml:6:77
      |
    6 | copy = [{ to = "eu-west-1", client = "image-builder", completion_duration = "15 min" }]
      |                                                                             ^^^^^^^^
      |
      = help: leave it out, or copy by `packer`, `lambda`, or a client of your own
    "#);
}

/// Terraform's `aws_ebs_snapshot_copy`, Packer, and whoever calls the API can ask for one.
#[test]
fn a_completion_duration_is_let_through_where_there_is_a_field_for_it() {
    let duration = "completion_duration = \"15 min\"";
    for client in ["terraform", "lambda"] {
        let model = model(&by(client, &format!(", {duration}")));
        let asked = model.fleets[0].copies[0].completion_duration;
        assert_eq!(asked, Some(Span::from_mins(15)));
    }
    model(&released(&format!("to = \"eu-west-1\", client = \"packer\", {duration}")));
}

#[test]
fn who_copies_images_alone_copies_no_snapshots() {
    insta::assert_snapshot!(said(&by("image-builder", "")), @r#"
    error: fleet.a.copy[0].client: `image-builder` copies no snapshots: it distributes images (O5)
     --> x.toml:6:38
      |
    6 | copy = [{ to = "us-east-1", client = "image-builder" }]
      |                                      ^^^^^^^^^^^^^^^
      |
      = help: copy by `dlm`, `aws-backup`, `terraform`, `lambda`, or a client of your own
    "#);
    let text = "[[copy]]\nname = \"one\"\nfrom = \"us-east-1\"\nto = \"us-west-2\"\n\
        bytes = \"1 GiB\"\nclient = \"packer\"\n[[target]]\nkind = \"copy\"\nlimit = \"2 h\"\n";
    insta::assert_snapshot!(said(text), @r#"
    error: copy.one.client: `packer` copies no snapshots: it copies the image that it built (O6)
     --> x.toml:6:10
      |
    6 | client = "packer"
      |          ^^^^^^^^
      |
      = help: copy by `dlm`, `aws-backup`, `terraform`, `lambda`, or a client of your own
    "#);
}

/// `us-west-2-lax-1a` is a Local Zone of us-west-2, where the fleet is.
#[test]
fn places_that_an_orchestrator_cannot_name_are_refused() {
    let outpost =
        "[[outpost]]\nname = \"plant\"\nregion = \"us-west-2\"\nservice_link = \"1 Gbit/s\"\n";
    let to = |client: &str| {
        let keys =
            format!("copy = [{{ to = [\"plant\", \"us-west-2-lax-1a\"], client = \"{client}\" }}]");
        format!("{outpost}{}", fleet(&keys))
    };
    insta::assert_snapshot!(said(&to("dlm")), @r#"
    error: fleet.a.copy[0].to: `dlm` copies to Regions and Outposts, and `us-west-2-lax-1a` is a Local Zone (F122, F157)
      --> x.toml:10:26
       |
    10 | copy = [{ to = ["plant", "us-west-2-lax-1a"], client = "dlm" }]
       |                          ^^^^^^^^^^^^^^^^^^
       |
       = help: copy by `lambda` or a client of your own
    "#);
    insta::assert_snapshot!(said(&to("aws-backup")), @r#"
    error: fleet.a.copy[0].to: `aws-backup` copies to Regions, and `plant` is an Outpost (its vaults are in Regions, F158)
      --> x.toml:10:17
       |
    10 | copy = [{ to = ["plant", "us-west-2-lax-1a"], client = "aws-backup" }]
       |                 ^^^^^^^
       |
       = help: copy by `dlm`, `lambda`, or a client of your own

    error: fleet.a.copy[0].to: `aws-backup` copies to Regions, and `us-west-2-lax-1a` is a Local Zone (its vaults are in Regions, F158)
      --> x.toml:10:26
       |
    10 | copy = [{ to = ["plant", "us-west-2-lax-1a"], client = "aws-backup" }]
       |                          ^^^^^^^^^^^^^^^^^^
       |
       = help: copy by `lambda` or a client of your own
    "#);
    model(&to("lambda"));
}

#[test]
fn dlm_copies_nothing_that_was_made_in_a_local_zone() {
    let text = by("dlm", "").replace("\"us-west-2\"", "\"us-west-2-lax-1a\"");
    insta::assert_snapshot!(said(&text.replace("us-east-1", "us-west-2")), @r#"
    error: fleet.a.copy[0].client: `dlm` copies nothing that was made in a Local Zone, and `us-west-2-lax-1a` is one (O2)
     --> x.toml:6:38
      |
    6 | copy = [{ to = "us-west-2", client = "dlm" }]
      |                                      ^^^^^
      |
      = help: copy by `aws-backup`, `terraform`, `lambda`, or a client of your own
    "#);
}

#[test]
fn retention_is_in_whole_days_where_the_orchestrator_counts_days() {
    insta::assert_snapshot!(said(&by("dlm", ", retain = { count = 14 }")), @r#"
    error: fleet.a.copy[0].retain: `dlm` keeps copies for a number of days, not by a count (F157)
     --> x.toml:6:54
      |
    6 | copy = [{ to = "us-east-1", client = "dlm", retain = { count = 14 } }]
      |                                                      ^^^^^^^^^^^^^^
      |
      = help: write an age in whole days, such as `retain = "14 days"`, or `forever`
    "#);
    insta::assert_snapshot!(said(&by("aws-backup", ", retain = \"36 h\"")), @r#"
    error: fleet.a.copy[0].retain: `aws-backup` keeps copies for a number of days, not by an age in hours (O4)
     --> x.toml:6:61
      |
    6 | copy = [{ to = "us-east-1", client = "aws-backup", retain = "36 h" }]
      |                                                             ^^^^^^
      |
      = help: write an age in whole days, such as `retain = "14 days"`, or `forever`
    "#);
    model(&by("dlm", ", retain = \"14 days\""));
    model(&by("lambda", ", retain = { count = 14 }"));
}

#[test]
fn copies_of_copies_are_refused_where_the_orchestrator_copies_its_own() {
    let text = fleet(
        "copy = [{ to = \"us-east-1\", client = \"dlm\", \
         then = [{ to = \"eu-west-1\", client = \"dlm\" }] }]",
    );
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.copy[0].then[0].client: `dlm` copies no copies: it copies what its own policy made (O2)
     --> x.toml:6:82
      |
    6 | copy = [{ to = "us-east-1", client = "dlm", then = [{ to = "eu-west-1", client = "dlm" }] }]
      |                                                                                  ^^^^^
      |
      = help: copy by `aws-backup`, `terraform`, `lambda`, or a client of your own
    "#);
    model(&text.replace("eu-west-1\", client = \"dlm\"", "eu-west-1\", client = \"lambda\""));
}

#[test]
fn a_schedule_has_as_many_destinations_as_its_orchestrator_gives_it() {
    let text = fleet(
        "copy = [{ to = [\"us-east-1\", \"us-east-2\", \"eu-west-1\", \"eu-west-2\"], \
         client = \"dlm\" }]",
    );
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.copy: a schedule of `dlm` copies to 3 destinations at most (O2); these are 4
     --> x.toml:6:8
      |
    6 | copy = [{ to = ["us-east-1", "us-east-2", "eu-west-1", "eu-west-2"], client = "dlm" }]
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: let another client copy to the others
    "#);
    model(&text.replace(", \"eu-west-2\"]", "]"));
}

#[test]
fn a_schedule_runs_once_an_hour_and_is_one_orchestrators() {
    let text = by("dlm", "").replace("every = \"1 h\"", "every = \"30 min\"");
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.snapshot.every: `dlm` runs a schedule at most once in 60 min (O2, O3)
     --> x.toml:5:22
      |
    5 | snapshot = { every = "30 min" }
      |                      ^^^^^^^^
      |
      = help: copy snapshots that you make more often by a client of your own
    "#);
    let cron = |minutes: &str| format!("cron = \"{minutes} * * * ? *\"");
    let text = by("aws-backup", "").replace("every = \"1 h\"", &cron("0,30"));
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.snapshot.cron: `aws-backup` runs a schedule at most once in 60 min (O2, O3)
     --> x.toml:5:21
      |
    5 | snapshot = { cron = "0,30 * * * ? *" }
      |                     ^^^^^^^^^^^^^^^^
      |
      = help: copy snapshots that you make more often by a client of your own
    "#);
    model(&text.replace("0,30", "0"));
    let text = fleet(
        "copy = [{ to = \"us-east-1\", client = \"dlm\" }, \
         { to = \"eu-west-1\", client = \"aws-backup\" }]",
    );
    insta::assert_snapshot!(said(&text), @r#"
    error: fleet.a.copy: `dlm` and `aws-backup` each copy what they made themselves (O2, O4), and this is one schedule
     --> x.toml:6:8
      |
    6 | copy = [{ to = "us-east-1", client = "dlm" }, { to = "eu-west-1", client = "aws-backup" }]
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write a fleet for each of them, or let another client make the other copies
    "#);
}

#[test]
fn names_of_orchestrators_are_suggested_and_kept() {
    insta::assert_snapshot!(said(&by("aws-bakup", "")), @r#"
    error: fleet.a.copy[0].client: there is no client `aws-bakup`
     --> x.toml:6:38
      |
    6 | copy = [{ to = "us-east-1", client = "aws-bakup" }]
      |                                      ^^^^^^^^^^^
      |
      = help: did you mean `aws-backup`?
    "#);
    let text = format!("[[client]]\nname = \"dlm\"\npolicy = \"give-up\"\n{}", by("dlm", ""));
    insta::assert_snapshot!(warned(&text), @r#"
    warning: client.dlm.name: this client is called like an orchestrator, and has none of its manners
     --> x.toml:2:8
      |
    2 | name = "dlm"
      |        ^^^^^
      |
      = help: write `orchestrator = "dlm"` beside it, or rename it
    "#);
    let text = format!("[[client]]\nname = \"n\"\norchestrator = \"veeam\"\n{}", by("n", ""));
    insta::assert_snapshot!(said(&text), @r#"
    error: client.n.orchestrator: `veeam` is none of `dlm`, `aws-backup`, `image-builder`, `packer`, `terraform`, or `lambda`
     --> x.toml:3:16
      |
    3 | orchestrator = "veeam"
      |                ^^^^^^^
    "#);
    let twin = "[[fleet]]\nname = \"dlm\"\nlocation = \"us-west-2\"\nvolumes = 2\n\
        snapshot = { every = \"1 h\" }\ncopy = [{ to = \"eu-west-1\" }]\n";
    insta::assert_snapshot!(said(&format!("{twin}{}", by("dlm", ""))), @r#"
    error: fleet.a.copy[0].client: what is called `dlm` has a client `dlm` of its own
      --> x.toml:12:38
       |
    12 | copy = [{ to = "us-east-1", client = "dlm" }]
       |                                      ^^^^^
       |
       = help: give it a name that is no orchestrator's
    "#);
}

//! How a limit that can be lifted is spoken of, by its word in `limits.csv` and which of its kind it
//! is: one row each.

/// A limit, as people meet it.
struct Told {
    /// What it is called.
    name: &'static str,
    /// The same behind “without”.
    noun: &'static str,
    /// That it is not there, as the name of a bar.
    without: &'static str,
}

/// None of a link, which has a name of its own.
fn told(limit: &str) -> Option<Told> {
    let (name, noun, without) = match limit {
        "snapshot" => {
            ("snapshots that take time", "the time that snapshots take", "Snapshots take no time")
        }
        "tokens" => ("API tokens", "API throttling", "No API throttling"),
        "slots" => ("slots", "the slot limit", "No slot limit"),
        "client" => {
            ("the clients' own limits", "the clients’ own limits", "No limits of the clients’ own")
        }
        "start_up" => ("start-up", "start-up time", "No start-up time"),
        "quota" => ("quota", "the throughput quota", "No throughput quota"),
        "copy_rate" => (
            "the cap of one time-based copy",
            "the cap of one time-based copy",
            "No cap on a time-based copy",
        ),
        "standard_rate" => (
            "the rate of a standard copy",
            "the cap of a standard copy",
            "No cap on a standard copy",
        ),
        _ => return None,
    };
    Some(Told { name, noun, without })
}

/// What a limit is called.
pub(super) fn name(limit: &str, place: &str) -> String {
    match (told(limit), limit) {
        (Some(told), _) => told.name.to_owned(),
        (None, "link") => format!("link {place}"),
        (None, other) => other.to_owned(),
    }
}

/// The same behind “without”.
pub(super) fn noun(limit: &str, place: &str) -> String {
    match (told(limit), limit) {
        (Some(told), _) => told.noun.to_owned(),
        (None, "link") if place.contains("link") => format!("the limit of {place}"),
        (None, "link") => format!("the limit of link {place}"),
        (None, other) => format!("the limit of {other}"),
    }
}

/// That it is not there, as the name of a bar.
pub(super) fn without(limit: &str, place: &str) -> String {
    match (told(limit), limit) {
        (Some(told), _) => told.without.to_owned(),
        (None, "link") if place.contains("link") => format!("{place} never full"),
        (None, "link") => format!("Link {place} never full"),
        (None, other) => format!("No {other}"),
    }
}

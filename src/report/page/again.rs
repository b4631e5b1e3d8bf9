//! How to run the same again, and how to tell whether the folder still says what its scenario gives.

use maud::{Markup, html};

use super::content::{Content, digits};

/// Digits of a hash that stand together.
const GROUP: usize = 8;

/// Versions, hashes, seeds, and the commands.
pub(super) fn section(content: &Content) -> Markup {
    let about = &content.about;
    let scenario = &content.manifest.scenario;
    html! {
        div.repro {
            pre tabindex="0" aria-label="Commands" { (commands(content)) }
            dl {
                dt { "program" }
                dd {
                    "snapferry " (about.program.version) ", results version "
                    (about.program.results_version)
                }
                dt { "scenario" }
                dd { code { (grouped(&about.scenario.hash)) } " (" (about.scenario.hash_algorithm) ")" }
                dt { "inputs" }
                dd {
                    @if about.input.is_empty() { "none besides the scenario" }
                    @for (place, input) in about.input.iter().enumerate() {
                        @if place != 0 { br; }
                        (input.name) ", " (input.n_bytes) " bytes, " code { (grouped(&input.hash)) }
                    }
                }
                dt { "seeds" }
                dd {
                    (scenario.seed) " for the days, " (about.scenario.fleet_seed) " for the fleets"
                    @if let Some(row) = content.confirmed.iter().flatten().next() {
                        ", " (row.seed) " to confirm"
                    }
                }
                dt { "runs" }
                dd { (runs(content)) }
            }
        }
    }
}

fn runs(content: &Content) -> String {
    let n_points = content.manifest.scenario.points;
    let (fewest, most) = content.manifest.range_of_runs();
    let each = if fewest == most { most.to_string() } else { format!("{fewest} to {most}") };
    match n_points {
        1 => each,
        n => format!("{} points of {each}", digits(n)),
    }
}

/// The command that gives the same folder, `DIR`, and the one that checks it.
fn commands(content: &Content) -> String {
    let asked = &content.about.scenario;
    let is_search = content.about.set.iter().any(|setting| setting.key == "--for");
    let command = if is_search { "solve" } else { "run" };
    let mut lines = vec![format!("snapferry {command} scenario.toml")];
    for setting in &content.about.set {
        let (key, value) = (setting.key.as_str(), setting.value.as_str());
        lines.push(match key {
            "scenario.seed" => format!("--seed {value}"),
            "scenario.replications" => format!("--replications {value}"),
            flag if flag.starts_with("--") => format!("{flag} {}", quoted(value)),
            key => format!("--set {}", quoted(&format!("{key}={value}"))),
        });
    }
    if !is_search {
        if asked.rows != "first" {
            lines.push(format!("--rows {}", asked.rows));
        }
        if asked.engine != "default" {
            lines.push(format!("--engine {}", asked.engine));
        }
        let flags = [
            (asked.sensitivity, "--sensitivity"),
            (!asked.flips, "--no-flip"),
            (!asked.confirm, "--no-confirm"),
            (true, "--report"),
        ];
        let set = flags.into_iter().filter(|(is_set, _)| *is_set);
        lines.extend(set.map(|(_, flag)| flag.to_owned()));
    }
    lines.push("--out DIR".to_owned());
    format!("{}\nsnapferry report DIR --verify", lines.join(" \\\n    "))
}

/// `text` as a shell takes it for one word.
fn quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// A hash in groups, so that it can be compared by eye.
fn grouped(hash: &str) -> String {
    let letters: Vec<char> = hash.chars().collect();
    let groups = letters.chunks(GROUP).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_set() {
        assert_eq!(quoted("limits.snapshot_copies=40"), "limits.snapshot_copies=40");
        assert_eq!(quoted("limits.quota=\"4000 MiB/s\""), "'limits.quota=\"4000 MiB/s\"'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(grouped("b98cb3797f9119ac"), "b98cb379 7f9119ac");
    }
}

//! Entries of the manifest on what is copied where, and on what was promised: tables name both.

use serde::Serialize;

use crate::model::{Initial, Model, Per, Target, TargetKind};
use crate::units::{Span, index_u64};

/// Copies of one fleet to one destination, at the first point.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct CopiesEntry<'a> {
    scope: String,
    fleet: &'a str,
    from: &'a str,
    to: &'a str,
    n: u64,
    initial: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    completion_duration_s: Option<String>,
}

/// A target, at the first point.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct TargetEntry<'a> {
    name: &'a str,
    kind: &'static str,
    promised_share: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    per: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit_s: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    scopes: Vec<String>,
}

/// Each `fleet → destination` once, in the order of the scenario.
pub(super) fn copies(model: &Model) -> Vec<CopiesEntry<'_>> {
    let mut entries: Vec<CopiesEntry<'_>> = Vec::new();
    for (number, fleet) in model.fleets.iter().enumerate() {
        for (place, rule) in fleet.copies.iter().enumerate() {
            let scope = model.scope_name(number, place);
            if entries.iter().any(|entry| entry.scope == scope) {
                continue;
            }
            entries.push(CopiesEntry {
                scope,
                fleet: &fleet.name,
                from: model.site_name(rule.from),
                to: model.site_name(rule.to),
                n: index_u64(fleet.items.count()),
                initial: match rule.initial {
                    Initial::Seeded => "seeded",
                    Initial::Empty => "empty",
                },
                completion_duration_s: rule.completion_duration.map(Span::to_column),
            });
        }
    }
    entries
}

/// Each target with the scopes whose copies it is about, in the order of the scenario.
pub(super) fn targets(model: &Model) -> Vec<TargetEntry<'_>> {
    let scopes = |target: &Target| -> Vec<String> {
        let rules = model.fleets.iter().enumerate().flat_map(|(number, fleet)| {
            (0..fleet.copies.len()).map(move |place| (number, place, fleet.copies[place].to))
        });
        let covered = rules.filter(|(number, _, to)| target.covers(*number, *to));
        let mut scopes: Vec<String> =
            covered.map(|(number, place, _)| model.scope_name(number, place)).collect();
        scopes.dedup();
        scopes
    };
    let told = model.targets.iter().map(|target| {
        let (kind, limit, link) = match target.kind {
            TargetKind::Copy { limit } => ("copy", Some(limit), None),
            TargetKind::Batch { limit } => ("batch", Some(limit), None),
            TargetKind::BatchBy { .. } => ("batch", None, None),
            TargetKind::Rpo { limit, .. } => ("rpo", Some(limit), None),
            TargetKind::Link { link, .. } => ("link", None, Some(link)),
        };
        TargetEntry {
            name: &target.name,
            kind,
            promised_share: target.share,
            per: match target.kind {
                TargetKind::Rpo { per: Per::Volume, .. } => Some("volume"),
                TargetKind::Rpo { per: Per::Application, .. } => Some("application"),
                _ => None,
            },
            limit_s: limit.map(Span::to_column),
            link: link.map(|link| model.links[link].name.as_str()),
            scopes: if link.is_some() { Vec::new() } else { scopes(target) },
        }
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use crate::scenario::Source;

    const TEXT: &str = r#"
[scenario]
name = "two"
horizon = "1 day"

[[fleet]]
name = "databases"
location = "us-east-1"
volumes = 12
snapshot = { every = "1 h" }
copy = [
    { to = "us-west-2", completion_duration = "15 min", retain = "1 day" },
    { to = "eu-west-1", retain = "1 day", initial = "empty" },
]

[[target]]
kind = "rpo"
limit = "2 h"
share = "99.9 %"

[[target]]
kind = "copy"
to = "eu-west-1"
limit = "40 min"
"#;

    #[test]
    fn a_manifest_names_scopes_as_tables_do() {
        let source = Source { name: "two.toml".to_owned(), text: TEXT.to_owned(), base: "".into() };
        let plan = Plan::of(&source, &|file: &str| Err(format!("no {file}")), &[]).unwrap();
        let model = &plan.points[0].model;
        let copies = copies(model);
        assert_eq!(copies[0].scope, "databases → us-west-2");
        assert_eq!((copies[0].fleet, copies[0].to, copies[0].n), ("databases", "us-west-2", 12));
        assert_eq!(copies[0].completion_duration_s.as_deref(), Some("900.000000000"));
        assert_eq!(copies[1].completion_duration_s, None);
        assert_eq!((copies[0].from, copies[0].initial), ("us-east-1", "seeded"));
        assert_eq!(copies[1].initial, "empty");
        let targets = targets(model);
        assert_eq!((targets[0].kind, targets[1].kind), ("rpo", "copy"));
        assert_eq!((targets[0].promised_share, targets[0].per), (0.999, Some("volume")));
        assert_eq!(targets[1].per, None);
        assert_eq!(targets[0].scopes, ["databases → us-west-2", "databases → eu-west-1"]);
        assert_eq!(targets[1].scopes, ["databases → eu-west-1"]);
        assert_eq!(targets[1].limit_s.as_deref(), Some("2400.000000000"));
    }
}

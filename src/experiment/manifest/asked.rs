//! Entries of the manifest on what is copied where, and on what was promised: tables name both.

use serde::Serialize;

use crate::model::{Model, Target, TargetKind};
use crate::units::{Span, index_u64};

/// Copies of one fleet to one destination, at the first point.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct CopiesEntry<'a> {
    scope: String,
    fleet: &'a str,
    to: &'a str,
    n: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    completion_duration_s: Option<String>,
}

/// A target, at the first point.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct TargetEntry<'a> {
    name: &'a str,
    kind: &'static str,
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
                to: model.site_name(rule.to),
                n: index_u64(fleet.items.count()),
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
            TargetKind::Rpo { limit } => ("rpo", Some(limit), None),
            TargetKind::Link { link, .. } => ("link", None, Some(link)),
        };
        TargetEntry {
            name: &target.name,
            kind,
            limit_s: limit.map(Span::to_column),
            link: link.map(|link| model.links[link].name.as_str()),
            scopes: if link.is_some() { Vec::new() } else { scopes(target) },
        }
    });
    told.collect()
}

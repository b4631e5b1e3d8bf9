//! The envelope in words.

use super::{Envelope, Kept, LeastRpo, Quota, Rush, Seed, Slots};
use crate::model::{Model, SiteIdx};
use crate::units::{Span, count_u64, thousands};

/// The envelope in words: a formula for each part, then its numbers.
pub(super) fn lines(model: &Model, envelope: &Envelope) -> Vec<String> {
    let mut lines = Vec::new();
    let mut part = |formula: &str, numbers: Vec<String>| {
        if !numbers.is_empty() {
            lines.push(formula.to_owned());
            lines.extend(numbers.into_iter().map(|number| format!("  {number}")));
        }
    };
    part(
        "slots = copies an hour × hours that each holds one",
        alike(model, envelope.slots.iter().map(|s| (s.account, slots_line(model, s)))),
    );
    part(
        "rounds = copies that are due together / slots; the last round waits for the others",
        envelope.rushes.iter().map(|rush| rush_line(model, rush)).collect(),
    );
    part(
        "quota = bytes / completion duration, of all time-based copies that hold a slot",
        alike(model, envelope.quotas.iter().map(|q| (q.account, quota_line(model, q)))),
    );
    part(
        "least RPO = interval + window + jitter + snapshot + start-up + transfer, no waiting",
        envelope.rpo.iter().map(|rpo| rpo_line(model, rpo)).collect(),
    );
    part(
        "first full copies = bytes written, with all slots in use, within the quota",
        envelope.seeds.iter().map(|seed| seed_line(model, seed)).collect(),
    );
    part(
        "snapshots kept = items × retention / interval",
        alike(model, envelope.kept.iter().map(|kept| (kept.account, kept_line(model, kept)))),
    );
    lines
}

/// Lines about accounts, those that say the same of several accounts once.
fn alike(model: &Model, lines: impl Iterator<Item = (usize, String)>) -> Vec<String> {
    let mut said: Vec<(String, Vec<usize>)> = Vec::new();
    for (account, line) in lines {
        match said.iter_mut().find(|(known, _)| *known == line) {
            Some((_, accounts)) => accounts.push(account),
            None => said.push((line, vec![account])),
        }
    }
    let whole = |(line, accounts): (String, Vec<usize>)| {
        let first = &model.accounts[accounts[0]].name;
        match (model.accounts.len(), accounts.len()) {
            (1, _) => line,
            (_, 1) => format!("{first}: {line}"),
            (_, n) => format!("{first} and {} alike: {line}", n - 1),
        }
    };
    said.into_iter().map(whole).collect()
}

fn site(model: &Model, site: SiteIdx) -> &str {
    model.site_name(site)
}

/// `15 min and 16 s`; above an hour, and below a minute, as spans are printed.
fn exact(span: Span) -> String {
    let minutes = span.whole_mins();
    let rest = span.minus_or_zero(Span::from_mins(minutes)).secs().round();
    if !(1..60).contains(&minutes) || 60.0 <= rest {
        return span.to_string();
    }
    if rest < 1.0 { format!("{minutes} min") } else { format!("{minutes} min and {rest} s") }
}

/// Two digits below ten, one above.
fn number(value: f64) -> String {
    thousands(value, if value < 10.0 { 2 } else { 1 })
}

/// `60 copies an hour`, or the same a day where they are few.
fn frequency(per_hour: f64) -> String {
    if per_hour < 1.0 {
        format!("{} copies a day", number(per_hour * 24.0))
    } else {
        format!("{} copies an hour", number(per_hour))
    }
}

fn slots_line(model: &Model, slots: &Slots) -> String {
    let what = if slots.images { "image copies" } else { "snapshot copies" };
    let place = site(model, slots.to);
    let verdict = if f64::from(slots.there) < slots.asked {
        ": too few, copies pile up or are dropped"
    } else {
        ""
    };
    let rests =
        if slots.assumed { " (standard copies at the median of an assumed rate)" } else { "" };
    format!(
        "{place}, {what}: {}, {} each, need {} slots of {}{verdict}{rests}",
        frequency(slots.per_hour),
        exact(slots.hold),
        number(slots.asked),
        slots.there,
    )
}

fn rush_line(model: &Model, rush: &Rush) -> String {
    let names: Vec<String> =
        rush.loads.iter().map(|load| model.scope_name(load.fleet, load.rule)).collect();
    format!(
        "{}: {} due within {} on {} slots run in {} rounds of {}: the last waits {}",
        names.join(" and "),
        rush.n_due(model),
        rush.within(),
        rush.slots,
        rush.rounds,
        exact(rush.hold()),
        exact(rush.wait),
    )
}

fn quota_line(model: &Model, quota: &Quota) -> String {
    let verdict = if quota.there < quota.mean {
        ": too little"
    } else if quota.there < quota.together {
        ": too little when they come together"
    } else {
        ""
    };
    format!(
        "{} → {}: {} on average, {} with all that are due together, of {}{verdict}",
        site(model, quota.from),
        site(model, quota.to),
        quota.mean,
        quota.together,
        quota.there,
    )
}

fn rpo_line(model: &Model, rpo: &LeastRpo) -> String {
    let parts = [
        (rpo.interval, "interval"),
        (rpo.window, "window"),
        (rpo.jitter, "jitter"),
        (rpo.load.snapshot, "snapshot"),
        (rpo.hops, "hops before"),
        (rpo.load.start_up_max, "start-up"),
        (rpo.load.transfer, "transfer"),
    ];
    let sum: Vec<String> = parts
        .iter()
        .filter(|(span, _)| *span != Span::ZERO)
        .map(|(span, name)| format!("{} {name}", exact(*span)))
        .collect();
    let verdict = if rpo.limit < rpo.least {
        "cannot hold"
    } else if rpo.limit < rpo.least + rpo.wait {
        "cannot hold for the last round"
    } else {
        "can hold for a volume of mean size"
    };
    let wait = if rpo.wait == Span::ZERO {
        String::new()
    } else {
        format!(", {} in the last round", exact(rpo.least + rpo.wait))
    };
    let rests =
        if rpo.load.duration.is_none() { " (at the median of an assumed rate)" } else { "" };
    format!(
        "{}: {} = {}{wait}{rests}; {} promised: {verdict}",
        model.scope_name(rpo.load.fleet, rpo.load.rule),
        sum.join(" + "),
        exact(rpo.least),
        rpo.limit,
    )
}

fn seed_line(model: &Model, seed: &Seed) -> String {
    let when = if seed.in_run { "the run begins with it" } else { "there already at the start" };
    format!("{}: {}, at least {}; {when}", site(model, seed.to), seed.bytes, seed.time)
}

fn kept_line(model: &Model, kept: &Kept) -> String {
    let verdict = if kept.there < kept.snapshots { ": too many" } else { "" };
    format!(
        "{}: {} of {}{verdict}",
        site(model, kept.region),
        thousands(count_u64(kept.snapshots), 0),
        thousands(count_u64(kept.there), 0),
    )
}

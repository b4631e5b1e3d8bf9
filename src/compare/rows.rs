//! The copies of one run, kept in memory by name and due instant until they are compared.

use std::collections::{BTreeMap, BTreeSet};

use super::Promise;
use crate::catalog::Cause;
use crate::record::{CopyRecord, ImageRecord, Outcome, RpoRecord, Sink};
use crate::units::{Instant, Span};

/// Time of a copy by cause.
pub(super) type Causes = [Span; Cause::ALL.len()];

/// What a copy is known by on both sides. An account is no part of it: a copy that another account
/// makes is the same copy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) fleet: String,
    /// Volume, `image/snapshot`, or image.
    pub(super) item: String,
    pub(super) to: String,
    pub(super) due: Instant,
}

/// What one row says of a copy.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) name: Name,
    pub(super) outcome: Outcome,
    pub(super) ended: Option<Instant>,
    pub(super) on_time: Option<bool>,
    /// None for images.
    pub(super) causes: Option<Causes>,
}

/// A copy with all that was made of it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Fate {
    /// When the first of them was complete, with the time by cause of that one.
    pub(super) completed: Option<(Instant, Option<Causes>)>,
    /// Whether one of them had not ended when the run did.
    open: bool,
    /// Whether it was on time, by the tightest target.
    on_time: Option<bool>,
}

impl Fate {
    fn take(&mut self, line: &Line) {
        self.on_time = self.on_time.or(line.on_time);
        match (line.outcome, line.ended) {
            (Outcome::Completed, Some(at))
                if self.completed.is_none_or(|(earlier, _)| at < earlier) =>
            {
                self.completed = Some((at, line.causes));
            }
            (Outcome::Unfinished, _) => self.open = true,
            _ => {}
        }
    }
}

/// The copies of one run.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Snapshot copies, those of images among them.
    pub(super) copies: BTreeMap<Name, Fate>,
    images: BTreeMap<Name, Fate>,
    image_fleets: BTreeSet<String>,
}

impl Kept {
    /// Takes a row of `copies.csv`.
    pub(super) fn take_copy(&mut self, line: &Line) {
        self.copies.entry(line.name.clone()).or_default().take(line);
    }

    /// Takes a row of `images.csv`.
    pub(super) fn take_image(&mut self, line: &Line) {
        if !self.image_fleets.contains(&line.name.fleet) {
            self.image_fleets.insert(line.name.fleet.clone());
        }
        self.images.entry(line.name.clone()).or_default().take(line);
    }

    /// What promises are about: snapshot copies that belong to no image, and images.
    pub(super) fn promised(&self) -> impl Iterator<Item = (&Name, &Fate)> {
        let alone = |(name, _): &(&Name, &Fate)| !self.image_fleets.contains(&name.fleet);
        self.copies.iter().filter(alone).chain(&self.images)
    }

    /// What became of a copy or an image that promises are about.
    pub(super) fn fate(&self, name: &Name) -> Option<&Fate> {
        self.images
            .get(name)
            .or_else(|| self.copies.get(name).filter(|_| !self.image_fleets.contains(&name.fleet)))
    }
}

impl Sink for Kept {
    fn copy(&mut self, row: &CopyRecord<'_>) {
        self.take_copy(&Line {
            name: Name {
                fleet: row.fleet.to_owned(),
                item: row.volume.to_owned(),
                to: row.to.to_owned(),
                due: row.due,
            },
            outcome: row.outcome,
            ended: row.ended,
            on_time: row.on_time,
            causes: Some(row.causes),
        });
    }

    fn image(&mut self, row: &ImageRecord<'_>) {
        self.take_image(&Line {
            name: Name {
                fleet: row.fleet.to_owned(),
                item: row.image.to_owned(),
                to: row.to.to_owned(),
                due: row.due,
            },
            outcome: row.outcome,
            ended: row.ended,
            on_time: row.on_time,
            causes: None,
        });
    }

    fn rpo(&mut self, _row: &RpoRecord<'_>) {}
}

/// What the promises of one side say of single copies.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    promises: Vec<&'a Promise>,
}

impl<'a> Judge<'a> {
    /// By these promises.
    pub(super) fn by(promises: impl Iterator<Item = &'a Promise>) -> Judge<'a> {
        Judge { promises: promises.filter(|promise| promise.times_copies()).collect() }
    }

    /// Whether a copy kept the promise of this name; none where it is not about the copy, where the
    /// copy is still open, and where a row does not say so.
    ///
    /// A copy's limit is compared with its own times. A batch's counts from an instant that no row
    /// has: there the row's own word is taken, which is about the tightest of all targets, and so
    /// only where no other one covers the copy.
    pub(super) fn kept(&self, target: &str, name: &Name, fate: &Fate) -> Option<bool> {
        let mut covering = self.promises.iter().filter(|one| one.covers(&name.fleet, &name.to));
        let promise = covering.clone().find(|one| one.name == target)?;
        let mut by_row = || fate.on_time.filter(|_| covering.nth(1).is_none());
        match (promise.kind.as_str(), promise.limit, fate.completed) {
            ("copy", Some(limit), Some((at, _))) => Some(at <= name.due + limit),
            ("copy", Some(_), None) if !fate.open => Some(false),
            _ => by_row(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Instant {
        Instant::ZERO + Span::from_secs(secs)
    }

    fn name(fleet: &str) -> Name {
        Name { fleet: fleet.to_owned(), item: "v".to_owned(), to: "b".to_owned(), due: at(100) }
    }

    fn line(fleet: &str, outcome: Outcome, ended: Option<u64>, on_time: Option<bool>) -> Line {
        let ended = ended.map(at);
        Line { name: name(fleet), outcome, ended, on_time, causes: Some([Span::ZERO; 14]) }
    }

    fn promise(name: &str, kind: &str, limit: Option<u64>) -> Promise {
        Promise {
            name: name.to_owned(),
            kind: kind.to_owned(),
            promised: 1.0,
            limit: limit.map(Span::from_secs),
            scopes: vec!["db → b".to_owned()],
        }
    }

    fn fate(lines: &[Line]) -> Fate {
        let mut fate = Fate::default();
        for line in lines {
            fate.take(line);
        }
        fate
    }

    /// Due at 100 s with 50 s: 150 s is in time, a nanosecond more is not.
    #[test]
    fn a_copy_keeps_its_limit_to_the_nanosecond() {
        let promises = [promise("soon", "copy", Some(50)), promise("late", "copy", Some(80))];
        let judge = Judge::by(promises.iter());
        let done = |ended| fate(&[line("db", Outcome::Completed, Some(ended), Some(false))]);
        assert_eq!(judge.kept("soon", &name("db"), &done(150)), Some(true));
        assert_eq!(judge.kept("soon", &name("db"), &done(151)), Some(false));
        assert_eq!(judge.kept("late", &name("db"), &done(151)), Some(true));
        assert_eq!(judge.kept("soon", &name("web"), &done(150)), None);
        assert_eq!(judge.kept("other", &name("db"), &done(150)), None);
    }

    /// The first failed, the second was complete at 140 s, a third one at 170 s: 140 counts. A copy
    /// that never came is late; one that is open is not known yet, unless its row says so.
    #[test]
    fn the_first_complete_one_of_several_counts() {
        let promises = [promise("soon", "copy", Some(50))];
        let judge = Judge::by(promises.iter());
        let error = || line("db", Outcome::Error, Some(120), None);
        let twice = fate(&[
            error(),
            line("db", Outcome::Completed, Some(170), None),
            line("db", Outcome::Completed, Some(140), Some(true)),
        ]);
        assert_eq!(twice.completed.unwrap().0, at(140));
        assert_eq!(judge.kept("soon", &name("db"), &twice), Some(true));
        assert_eq!(judge.kept("soon", &name("db"), &fate(&[error()])), Some(false));
        let open = |on_time| fate(&[error(), line("db", Outcome::Unfinished, None, on_time)]);
        assert_eq!(judge.kept("soon", &name("db"), &open(None)), None);
        assert_eq!(judge.kept("soon", &name("db"), &open(Some(false))), Some(false));
    }

    /// What a row says is about the tightest target: with two of them it says nothing of one.
    #[test]
    fn a_batch_is_judged_by_the_row_where_it_is_the_only_target() {
        let batch = promise("night", "batch", Some(50));
        let done = fate(&[line("db", Outcome::Completed, Some(400), Some(true))]);
        let alone = [batch.clone(), promise("age", "rpo", Some(1))];
        assert_eq!(Judge::by(alone.iter()).kept("night", &name("db"), &done), Some(true));
        let two = [batch, promise("soon", "copy", Some(50))];
        assert_eq!(Judge::by(two.iter()).kept("night", &name("db"), &done), None);
        assert_eq!(Judge::by(two.iter()).kept("soon", &name("db"), &done), Some(false));
        assert_eq!(Judge::by(alone.iter()).kept("age", &name("db"), &done), None);
    }

    #[test]
    fn snapshots_of_an_image_are_promised_as_the_image_alone() {
        let mut kept = Kept::default();
        kept.take_copy(&line("golden", Outcome::Completed, Some(120), None));
        kept.take_copy(&line("db", Outcome::Completed, Some(130), None));
        let image =
            Line { causes: None, ..line("golden", Outcome::Completed, Some(125), Some(true)) };
        kept.take_image(&Line { name: Name { item: "web".to_owned(), ..name("golden") }, ..image });
        let names: Vec<&str> = kept.promised().map(|(name, _)| name.item.as_str()).collect();
        assert_eq!(names, ["v", "web"]);
        assert_eq!(kept.fate(&name("golden")), None);
        assert!(kept.fate(&name("db")).is_some());
    }
}

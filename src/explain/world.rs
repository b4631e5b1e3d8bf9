//! An account that has one source and nothing else, as the judge asks for it.

use super::{MANAGED_KEY, Question};
use crate::api::{
    Action, Defaults, ImageSeen, KeyState, PlaceOf, SnapshotSeen, SourceKey, SpentToken, State,
};

/// The account of a question. Keys that it is asked for can be used, and no name is taken.
#[derive(Debug)]
pub(super) struct World<'q> {
    question: &'q Question,
    /// The snapshots of the source.
    snapshots: Vec<(&'q str, SourceKey<'q>)>,
}

impl<'q> World<'q> {
    pub(super) fn of(question: &'q Question) -> World<'q> {
        let snapshots = question.source.snapshots.iter();
        let snapshots = snapshots.map(|snapshot| (snapshot.id.as_str(), snapshot.source_key()));
        World { question, snapshots: snapshots.collect() }
    }

    /// Where the source is, if it is one of this call in this Region.
    fn place(&self, action: Action, region: &str) -> Option<PlaceOf<'_>> {
        let source = &self.question.source;
        let place = source.place(region).filter(|place| place.region() == region);
        place.filter(|_| source.exists && self.question.action == action)
    }
}

impl State for World<'_> {
    fn snapshot(&self, region: &str, _id: &str) -> Option<SnapshotSeen<'_>> {
        let (_, encryption) = *self.snapshots.first()?;
        Some(SnapshotSeen {
            place: self.place(Action::CopySnapshot, region)?,
            visible: true,
            state: self.question.source.snapshot_state(),
            encryption,
        })
    }

    fn image(&self, region: &str, _id: &str) -> Option<ImageSeen<'_>> {
        Some(ImageSeen {
            place: self.place(Action::CopyImage, region)?,
            owner: self.question.source.owner.as_deref().unwrap_or(&self.question.account),
            visible: true,
            state: self.question.source.image_state(),
            snapshots: &self.snapshots,
        })
    }

    fn name_is_taken(&self, _region: &str, _name: &str) -> bool {
        false
    }

    fn token(&self, _region: &str, _token: &str) -> Option<SpentToken<'_>> {
        None
    }

    fn defaults(&self, _region: &str) -> Defaults<'_> {
        let key = self.question.encryption_by_default.as_deref();
        Defaults { on: key.is_some(), key: key.filter(|key| *key != MANAGED_KEY) }
    }

    fn key(&self, _region: &str, _key: &str) -> KeyState {
        KeyState::Usable
    }
}

//! What a fleet, an image, or a single copy asks of the provider, as the request that it would send.
//!
//! Its source stands for any that the copy rule will have: made, visible, and not encrypted.

use crate::api::{
    Action, Context, CopyImageRequest, CopySnapshotRequest, Defaults, ImageSeen, ImageState,
    KeyState, May, PlaceOf, Refusal, Request, Silent, SnapshotSeen, SnapshotState, SourceKey,
    SpentToken, State, Zone,
};
use crate::catalog::location;
use crate::units::{Instant, Span};

const SNAPSHOT: &str = "snap-0123456789abcdef0";
const IMAGE: &str = "ami-0123456789abcdef0";
/// The account that asks: whichever it is, it is judged alike.
const ACCOUNT: &str = "111122223333";

/// A call by which something is copied from one place to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) action: Action,
    pub(super) from: PlaceOf<'a>,
    pub(super) to: PlaceOf<'a>,
    /// Completion duration, of whole minutes.
    pub(super) duration: Option<Span>,
}

impl Call<'_> {
    /// The request that is sent to the Region of the destination.
    fn request(&self) -> Request {
        let source_region = Some(self.from.region().to_owned());
        let (outpost, zone) = match self.to {
            PlaceOf::Region { .. } => (None, None),
            PlaceOf::LocalZone { name, .. } => (None, Some(name.to_owned())),
            PlaceOf::Outpost { parent, .. } => (Some(outpost_arn(parent)), None),
        };
        let minutes = self.duration.map(|duration| {
            i64::try_from(duration.whole_mins()).expect("a duration has fewer minutes than 2^63")
        });
        match self.action {
            Action::CopySnapshot => Request::Snapshot(CopySnapshotRequest {
                source_region,
                source_snapshot_id: Some(SNAPSHOT.to_owned()),
                destination_outpost_arn: outpost,
                destination_availability_zone: zone,
                completion_duration_minutes: minutes,
                ..CopySnapshotRequest::default()
            }),
            Action::CopyImage => Request::Image(CopyImageRequest {
                source_region,
                source_image_id: Some(IMAGE.to_owned()),
                name: Some("copy".to_owned()),
                destination_outpost_arn: outpost,
                destination_availability_zone: zone,
                snapshot_copy_completion_duration_minutes: minutes,
                ..CopyImageRequest::default()
            }),
        }
    }

    /// Puts the request to the judge.
    ///
    /// # Errors
    /// When the provider refuses it.
    pub(super) fn judge(&self, silent: &Silent) -> Result<(), Refusal> {
        let Some(region) = location::find_region(self.to.region()) else { return Ok(()) };
        let request = self.request();
        let context = Context {
            region,
            account: ACCOUNT,
            may: May::ALL,
            state: self,
            silent,
            now: Instant::ZERO,
        };
        context.judge(&request).map(|_| ())
    }
}

/// Any Outpost of a Region: which one it is makes no difference to the judge.
fn outpost_arn(parent: &str) -> String {
    format!("arn:aws:outposts:{parent}:{ACCOUNT}:outpost/op-1234567890abcdef0")
}

impl State for Call<'_> {
    fn snapshot(&self, region: &str, id: &str) -> Option<SnapshotSeen<'_>> {
        (id == SNAPSHOT && region == self.from.region()).then_some(SnapshotSeen {
            place: self.from,
            visible: true,
            state: SnapshotState::Completed,
            encryption: SourceKey::Plain,
        })
    }

    fn image(&self, region: &str, id: &str) -> Option<ImageSeen<'_>> {
        (id == IMAGE && region == self.from.region()).then_some(ImageSeen {
            place: self.from,
            owner: ACCOUNT,
            visible: true,
            state: ImageState::Available,
            snapshots: &[(SNAPSHOT, SourceKey::Plain)],
        })
    }

    fn name_is_taken(&self, _region: &str, _name: &str) -> bool {
        false
    }

    fn token(&self, _region: &str, _token: &str) -> Option<SpentToken<'_>> {
        None
    }

    fn defaults(&self, _region: &str) -> Defaults<'_> {
        Defaults::default()
    }

    fn key(&self, _region: &str, _key: &str) -> KeyState {
        KeyState::Usable
    }

    /// The destination may be a zone of the scenario's own.
    fn zone(&self, _name: &str) -> Option<Zone<'_>> {
        match self.to {
            PlaceOf::LocalZone { name, parent } => {
                Some(Zone { name, id: name, parent, encrypts: false })
            }
            PlaceOf::Region { .. } | PlaceOf::Outpost { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::route_by;

    const PLACES: [PlaceOf<'static>; 7] = [
        PlaceOf::Region { name: "us-west-2", partition: "aws" },
        PlaceOf::Region { name: "us-east-1", partition: "aws" },
        PlaceOf::Region { name: "cn-north-1", partition: "aws-cn" },
        PlaceOf::LocalZone { name: "us-west-2-lax-1a", parent: "us-west-2" },
        PlaceOf::LocalZone { name: "us-west-2-lax-1b", parent: "us-west-2" },
        PlaceOf::LocalZone { name: "us-west-2-phx-2a", parent: "us-west-2" },
        PlaceOf::Outpost { name: "plant", parent: "us-west-2" },
    ];

    /// F50 to F58: what the request is answered is what the route matrix says, for both calls and
    /// every pair.
    #[test]
    fn requests_of_fleets_meet_the_route_matrix() {
        let silent = Silent::DEFAULT;
        for action in [Action::CopySnapshot, Action::CopyImage] {
            for (from, to) in PLACES.iter().flat_map(|from| PLACES.iter().map(move |to| (from, to)))
            {
                let call = Call { action, from: *from, to: *to, duration: None };
                let judged = call.judge(&silent).map_err(|refusal| refusal.code);
                let listed = route_by(&silent, action, *from, *to).map_err(|refusal| refusal.code);
                assert_eq!(judged, listed, "{action:?} {from:?} {to:?}");
            }
        }
    }

    /// F1, F24: a step between two Regions, and none at an edge.
    #[test]
    fn durations_are_sent_along() {
        let judged = |to: PlaceOf<'_>, minutes: u64| {
            let duration = Some(Span::from_mins(minutes));
            let call = Call { action: Action::CopySnapshot, from: PLACES[0], to, duration };
            call.judge(&Silent::DEFAULT).is_ok()
        };
        assert_eq!(
            [judged(PLACES[1], 15), judged(PLACES[1], 20), judged(PLACES[3], 15)],
            [true, false, false]
        );
    }
}

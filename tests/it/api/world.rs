//! An account with snapshots and images in every kind of place, and how to ask it.

use serde_json::{Map, Value, json};
use snapferry::api::{
    Action, Context, Defaults, Encryption, ImageSeen, ImageState, KeyState, May, PlaceOf, Refusal,
    Request, Silent, SnapshotSeen, SnapshotState, SourceKey, SpentToken, State, Verdict,
};
use snapferry::catalog::location;
use snapferry::units::Instant;

pub(super) const OWN: &str = "111122223333";
pub(super) const FRIEND: &str = "444455556666";

pub(super) const EAST: PlaceOf<'_> = PlaceOf::Region { name: "us-east-1", partition: "aws" };
pub(super) const WEST: PlaceOf<'_> = PlaceOf::Region { name: "us-west-2", partition: "aws" };
pub(super) const PEKING: PlaceOf<'_> = PlaceOf::Region { name: "cn-north-1", partition: "aws-cn" };
pub(super) const ANGELES: PlaceOf<'_> =
    PlaceOf::LocalZone { name: "us-west-2-lax-1a", parent: "us-west-2" };
pub(super) const ANGELES_B: PlaceOf<'_> =
    PlaceOf::LocalZone { name: "us-west-2-lax-1b", parent: "us-west-2" };
pub(super) const DENVER: PlaceOf<'_> =
    PlaceOf::LocalZone { name: "us-west-2-den-1a", parent: "us-west-2" };
pub(super) const ATLANTA: PlaceOf<'_> =
    PlaceOf::LocalZone { name: "us-east-1-atl-2a", parent: "us-east-1" };
pub(super) const WEST_OUTPOST: PlaceOf<'_> = PlaceOf::Outpost {
    name: "arn:aws:outposts:us-west-2:111122223333:outpost/op-0053d940a039b57c6",
    parent: "us-west-2",
};
pub(super) const EAST_OUTPOST: PlaceOf<'_> = PlaceOf::Outpost {
    name: "arn:aws:outposts:us-east-1:111122223333:outpost/op-0a1b2c3d4e5f60718",
    parent: "us-east-1",
};

pub(super) const SNAPSHOT: &str = "snap-0123456789abcdef0";
pub(super) const IMAGE: &str = "ami-0123456789abcdef0";
pub(super) const VAULT: &str = "alias/vault";

/// One snapshot and one image of one snapshot; keys are usable unless listed otherwise.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) place: PlaceOf<'static>,
    pub(super) owner: &'static str,
    pub(super) visible: bool,
    pub(super) snapshot_state: SnapshotState,
    pub(super) image_state: ImageState,
    pub(super) snapshots: Vec<(&'static str, SourceKey<'static>)>,
    pub(super) defaults: Defaults<'static>,
    pub(super) keys: Vec<(&'static str, KeyState)>,
    pub(super) names: Vec<&'static str>,
    pub(super) tokens: Vec<(&'static str, Request, Instant)>,
    pub(super) zone_pairs: Vec<(&'static str, &'static str)>,
    pub(super) silent: Silent,
    pub(super) may: May,
    pub(super) now: Instant,
}

impl World {
    /// All is well: own, complete, unencrypted, in `place`.
    pub(super) fn at(place: PlaceOf<'static>) -> World {
        World {
            place,
            owner: OWN,
            visible: true,
            snapshot_state: SnapshotState::Completed,
            image_state: ImageState::Available,
            snapshots: vec![(SNAPSHOT, SourceKey::Plain)],
            defaults: Defaults::default(),
            keys: Vec::new(),
            names: Vec::new(),
            tokens: Vec::new(),
            zone_pairs: Vec::new(),
            silent: Silent::DEFAULT,
            may: May::ALL,
            now: Instant::from_nanos(0),
        }
    }

    /// The request of an action for the source, with these parameters besides, or instead.
    pub(super) fn request(&self, action: Action, patch: &Value) -> Result<Request, Refusal> {
        let base = match action {
            Action::CopySnapshot => json!({ "SourceSnapshotId": SNAPSHOT }),
            Action::CopyImage => json!({ "SourceImageId": IMAGE, "Name": "golden" }),
        };
        let mut parameters = Map::new();
        parameters.insert("SourceRegion".to_owned(), json!(self.place.region()));
        for table in [&base, patch] {
            let table = table.as_object().expect("a table").clone();
            parameters.extend(table);
        }
        Request::read(action, &parameters)
    }

    /// The answer to a request that is sent to the Region `called`.
    pub(super) fn told<T>(
        &self,
        (action, called): (Action, &str),
        patch: &Value,
        tell: impl FnOnce(Result<Verdict<'_>, Refusal>) -> T,
    ) -> T {
        let request = match self.request(action, patch) {
            Ok(request) => request,
            Err(refusal) => return tell(Err(refusal)),
        };
        let context = Context {
            region: location::region(called).expect("a Region"),
            account: OWN,
            may: self.may,
            state: self,
            silent: &self.silent,
            now: self.now,
        };
        tell(context.judge(&request))
    }

    /// The answer in short: `ok`, `later F84`, `ami-… again`, or code, parameter, and facts.
    pub(super) fn answer(&self, sent: (Action, &str), patch: &Value) -> String {
        self.told(sent, patch, short)
    }

    /// How the first snapshot of an accepted request is encrypted.
    pub(super) fn encryption(&self, sent: (Action, &str), patch: &Value) -> String {
        self.told(sent, patch, |answer| match answer {
            Ok(Verdict::Accepted(accepted)) => match accepted.encryptions().next() {
                Some((_, Encryption::Plain)) => "plain".to_owned(),
                Some((_, Encryption::Under(key))) => format!("{key:?}"),
                None => "no source".to_owned(),
            },
            other => short(other),
        })
    }
}

fn short(answer: Result<Verdict<'_>, Refusal>) -> String {
    match answer {
        Ok(Verdict::Accepted(accepted)) => match accepted.fails {
            None => "ok".to_owned(),
            Some(later) => format!("later {}", later.told().0),
        },
        Ok(Verdict::Repeated { image }) => format!("{image} again"),
        Err(refusal) => {
            let parameter = refusal.parameter.map_or("-", |parameter| parameter.name());
            format!("{} {parameter} {}", refusal.code, refusal.rule)
        }
    }
}

/// The parameters that name a destination; none for a Region.
pub(super) fn to(place: PlaceOf<'_>) -> Value {
    match place {
        PlaceOf::Region { .. } => json!({}),
        PlaceOf::LocalZone { name, .. } => json!({ "DestinationAvailabilityZone": name }),
        PlaceOf::Outpost { name, .. } => json!({ "DestinationOutpostArn": name }),
    }
}

impl State for World {
    fn snapshot(&self, region: &str, id: &str) -> Option<SnapshotSeen<'_>> {
        let (_, encryption) = self.snapshots.iter().find(|(known, _)| *known == id)?;
        (self.place.region() == region).then_some(SnapshotSeen {
            place: self.place,
            visible: self.visible,
            state: self.snapshot_state,
            encryption: *encryption,
        })
    }

    fn image(&self, region: &str, id: &str) -> Option<ImageSeen<'_>> {
        (self.place.region() == region && id == IMAGE).then_some(ImageSeen {
            place: self.place,
            owner: self.owner,
            visible: self.visible,
            state: self.image_state,
            snapshots: &self.snapshots,
        })
    }

    fn name_is_taken(&self, _region: &str, name: &str) -> bool {
        self.names.contains(&name)
    }

    fn token(&self, _region: &str, token: &str) -> Option<SpentToken<'_>> {
        let (_, request, at) = self.tokens.iter().find(|(known, ..)| *known == token)?;
        match request {
            Request::Image(request) => Some(SpentToken { request, image: "ami-9", at: *at }),
            Request::Snapshot(_) => None,
        }
    }

    fn defaults(&self, _region: &str) -> Defaults<'_> {
        self.defaults
    }

    fn key(&self, _region: &str, key: &str) -> KeyState {
        let known = self.keys.iter().find(|(known, _)| *known == key);
        known.map_or(KeyState::Usable, |(_, state)| *state)
    }

    fn is_zone_pair(&self, from: &str, to: &str) -> bool {
        self.zone_pairs.contains(&(from, to))
    }
}

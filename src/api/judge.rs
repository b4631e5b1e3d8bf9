//! The judge: what the provider would answer to a request, as a function of the request, of who
//! asks where and when, and of what the account has.
//!
//! Groups of checks come in the order of [`Stage`](super::Stage) (F81). Nothing is allocated for a
//! request that is accepted.

use super::duration::at_edge;
use super::{
    Action, CopyImageRequest, CopySnapshotRequest, Encrypting, Encryption, ImageSeen, ImageSource,
    ImageState, KeyCheck, KeyNeeds, KeyState, Parameter, PlaceOf, Refusal, Request, Rule, Silent,
    SnapshotState, SourceKey, State, UrlCheck, Way, route_by, url,
};
use crate::catalog::Status;
use crate::catalog::location::Region;
use crate::units::{Instant, Span};

mod form;
mod tags;
mod token;

use form::{Asked, Goal};

/// What the caller is permitted to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct May {
    /// Call CopySnapshot.
    pub copy_snapshot: bool,
    /// Call CopyImage.
    pub copy_image: bool,
}

impl May {
    /// Both calls.
    pub const ALL: May = May { copy_snapshot: true, copy_image: true };
}

/// Who asks, where, and when, and what there is.
#[derive(Debug)]
pub struct Context<'a, S> {
    /// The Region that the request is sent to.
    pub region: &'static Region,
    /// Id of the account that asks.
    pub account: &'a str,
    /// What it is permitted to do.
    pub may: May,
    /// What the account has and sees.
    pub state: &'a S,
    /// What is taken where the provider says nothing.
    pub silent: &'a Silent,
    /// When it asks.
    pub now: Instant,
}

/// The answer to a request that is not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// A copy begins, if slots and quota allow it.
    Accepted(Accepted<'a>),
    /// The request came before, with the same token: the answer is that image, and nothing more
    /// happens (F76).
    Repeated {
        /// Id of the image.
        image: &'a str,
    },
}

/// A request that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted<'a> {
    /// What is copied.
    pub action: Action,
    /// Id of the source, as the request has it.
    pub source: &'a str,
    /// Where the source is; its Region, where there is no such source.
    pub from: PlaceOf<'a>,
    /// Where the copy goes.
    pub to: PlaceOf<'a>,
    /// The completion duration; none: a standard copy (F1).
    pub duration: Option<Span>,
    /// By what the key of each snapshot is chosen.
    pub encrypting: Encrypting<'a>,
    /// Whether the copy gets the tags that the account put on the image (F63).
    pub tags_follow: bool,
    /// Why the copy ends in error later, where that is already certain.
    pub fails: Option<Later>,
    copied: Copied<'a>,
}

/// The snapshots behind a request: id, and how each is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copied<'a> {
    One([(&'a str, SourceKey<'a>); 1]),
    Of(&'a [(&'a str, SourceKey<'a>)]),
}

impl<'a> Accepted<'a> {
    /// The source snapshots, in order, each with how its copy is encrypted; none where there is no
    /// such source.
    pub fn encryptions(&self) -> impl Iterator<Item = (&'a str, Encryption<'a>)> + '_ {
        let copied = match &self.copied {
            Copied::One(one) => one.as_slice(),
            Copied::Of(all) => all,
        };
        copied.iter().map(|(id, key)| (*id, self.encrypting.of(*key)))
    }

    /// Whether the copy of an image gets a tag of this key from its source: never one of the
    /// provider's own (F63).
    pub fn takes_tag(&self, key: &str) -> bool {
        self.tags_follow && !key.starts_with("aws:")
    }
}

/// Why a copy that was accepted ends in error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// There is no such source, or the account does not see it (F84).
    SourceNotFound,
    /// The source is not complete (F84).
    SourceNotComplete,
    /// The pre-signed URL is not signed (F85, P-URL-CHECK).
    UrlNotSigned,
    /// The key is of no use (F74, P-KEY-CHECK).
    KeyInvalid,
    /// The key of the source or of the copy may not be used (F75).
    KeyNotAccessible,
}

impl Later {
    /// The facts that it follows from, how sure it is, and what a state message would say.
    pub const fn told(self) -> (&'static str, Status, &'static str) {
        match self {
            Later::SourceNotFound => ("F84", Status::Observed, "the source was not found"),
            Later::SourceNotComplete => ("F84", Status::Observed, "the source is not complete"),
            Later::UrlNotSigned => {
                ("F85, P-URL-CHECK", Status::Documented, "the pre-signed URL is not signed")
            }
            Later::KeyInvalid => {
                ("F74, P-KEY-CHECK", Status::Documented, "the key cannot be used for this")
            }
            Later::KeyNotAccessible => ("F75", Status::Observed, "the key is not accessible"),
        }
    }
}

impl<'a, S: State> Context<'a, S> {
    /// Judges a request: all but API tokens, slots, and quota, which are counted elsewhere.
    ///
    /// # Errors
    /// When it is refused. A dry run always is: with `DryRunOperation`, if it would not have been
    /// otherwise, as far as the provider looks before (F82).
    pub fn judge(&self, request: &'a Request) -> Result<Verdict<'a>, Refusal> {
        match request {
            Request::Snapshot(request) => self.copy_snapshot(request).map(Verdict::Accepted),
            Request::Image(request) => self.copy_image(request),
        }
    }

    /// Judges a CopySnapshot.
    ///
    /// # Errors
    /// When it is refused.
    pub fn copy_snapshot(&self, request: &'a CopySnapshotRequest) -> Result<Accepted<'a>, Refusal> {
        let asked = Asked::from(request);
        let (goal, home, duration) = self.before_dry_run(&asked)?;
        self.endpoint(&goal)?;
        self.destination_region(request)?;
        let url = self.url(request)?;
        let key = self.key(&asked)?;

        let seen = self.state.snapshot(&home.name, asked.source);
        let seen = seen.filter(|snapshot| snapshot.visible);
        let source = match seen.map(|snapshot| snapshot.state) {
            None => Some(Later::SourceNotFound),
            Some(SnapshotState::Completed) => None,
            Some(_) => Some(Later::SourceNotComplete),
        };
        let from = seen.map_or_else(|| place_of(home), |snapshot| snapshot.place);
        self.route(&asked, (home, from), &goal)?;
        let copied = match seen {
            Some(snapshot) => Copied::One([(asked.source, snapshot.encryption)]),
            None => Copied::Of(&[]),
        };
        let mut accepted = self.accept(&asked, from, &goal, copied)?;
        accepted.duration = duration;
        accepted.fails = source.or(url).or(key).or(accepted.fails);
        Ok(accepted)
    }

    /// Judges a CopyImage.
    ///
    /// # Errors
    /// When it is refused.
    pub fn copy_image(&self, request: &'a CopyImageRequest) -> Result<Verdict<'a>, Refusal> {
        let asked = Asked::from(request);
        let (goal, home, duration) = self.before_dry_run(&asked)?;
        if let Some(image) = token::repeated(self, request)? {
            return Ok(Verdict::Repeated { image });
        }
        self.endpoint(&goal)?;
        let key = self.key(&asked)?;

        let seen = self.state.image(&home.name, asked.source);
        let source = self.image_source(&asked, seen.as_ref())?;
        let from = seen.map_or_else(|| place_of(home), |image| image.place);
        self.route(&asked, (home, from), &goal)?;
        let copied = Copied::Of(seen.map_or(&[], |image| image.snapshots));
        let mut accepted = self.accept(&asked, from, &goal, copied)?;
        accepted.duration = duration;
        accepted.fails = source.or(key).or(accepted.fails);
        let is_own = seen.is_some_and(|image| image.owner == self.account);
        accepted.tags_follow = request.copy_image_tags == Some(true) && is_own;
        if self.state.name_is_taken(&self.region.name, asked.name) {
            let message = format!("an image of the account is called `{}` already", asked.name);
            return Err(Refusal::new(Rule::NameTaken, Some(Parameter::Name), message));
        }
        Ok(Verdict::Accepted(accepted))
    }

    /// The groups up to the dry run, which both calls share.
    fn before_dry_run(
        &self,
        asked: &Asked<'a>,
    ) -> Result<(Goal<'a>, &'static Region, Option<Span>), Refusal> {
        let goal = self.form(asked)?;
        let home = self.home(asked)?;
        let duration = match asked.minutes {
            None => None,
            Some(minutes) => {
                let span = super::duration::minutes(minutes, asked.minutes_parameter())?;
                self.timed(asked, Rule::EdgeDuration, goal.place)?;
                Some(span)
            }
        };
        if let Some(tags) = asked.tags {
            tags::check(asked.action, tags)?;
        }
        let (may, name) = match asked.action {
            Action::CopySnapshot => (self.may.copy_snapshot, asked.action.name()),
            Action::CopyImage => (self.may.copy_image, asked.action.name()),
        };
        if !may {
            let message = format!("the caller may not call {name}");
            return Err(Refusal::new(Rule::Permission, None, message));
        }
        if asked.dry_run {
            let message = "the request would have succeeded, but `DryRun` is set".to_owned();
            return Err(Refusal::new(Rule::DryRun, Some(Parameter::DryRun), message));
        }
        Ok((goal, home, duration))
    }

    /// Refuses a completion duration where a place is an edge (F24).
    fn timed(&self, asked: &Asked<'a>, rule: Rule, place: PlaceOf<'a>) -> Result<(), Refusal> {
        let code = self.silent.edge_duration_code.code();
        let parameter = Some(asked.minutes_parameter());
        at_edge(rule, place).map_err(|refusal| Refusal { parameter, code, ..refusal })
    }

    /// The request has to be sent to the Region of its destination (F57).
    fn endpoint(&self, goal: &Goal<'a>) -> Result<(), Refusal> {
        let (own, called) = (goal.place.region(), self.region.name.as_str());
        if own == called {
            return Ok(());
        }
        let message = format!(
            "`{}` belongs to `{own}`, and the request was sent to `{called}`: send it to `{own}`",
            goal.place.name()
        );
        let refusal = Refusal::new(Rule::Endpoint, goal.parameter, message);
        Err(refusal.coded(self.silent.route_code.code()))
    }

    fn destination_region(&self, request: &CopySnapshotRequest) -> Result<(), Refusal> {
        let called = self.region.name.as_str();
        match request.destination_region.as_deref() {
            Some(named) if named != called => {
                let parameter = Parameter::DestinationRegion;
                let message = format!(
                    "`{parameter}` is `{named}`, and the request was sent to `{called}`: leave it \
                     out, or send the request to `{named}`"
                );
                Err(Refusal::new(Rule::DestinationRegion, Some(parameter), message))
            }
            _ => Ok(()),
        }
    }

    fn url(&self, request: &CopySnapshotRequest) -> Result<Option<Later>, Refusal> {
        let Some(text) = request.presigned_url.as_deref() else { return Ok(None) };
        let is_signed = url::check(text, request, &self.region.name)?;
        Ok(match self.silent.url_check {
            UrlCheck::Later if !is_signed => Some(Later::UrlNotSigned),
            UrlCheck::Later | UrlCheck::Ignored => None,
        })
    }

    /// The key that is named: refused, failing later, or neither (F70, F74, F75).
    fn key(&self, asked: &Asked<'a>) -> Result<Option<Later>, Refusal> {
        let Some(key) = asked.key else { return Ok(None) };
        let called = self.region.name.as_str();
        let state = match form::region_of_arn(key) {
            Some(other) if other != called => KeyState::Unknown,
            _ => self.state.key(called, key),
        };
        let (rule, what) = match state {
            KeyState::Usable => return Ok(None),
            KeyState::NoGrant => return Ok(Some(Later::KeyNotAccessible)),
            KeyState::Unknown => (Rule::KeyUnusable, "is no key of"),
            KeyState::Disabled => (Rule::KeyUnusable, "is a disabled key of"),
            KeyState::Asymmetric => {
                (Rule::KeyAsymmetric, "has to be symmetric, and is an asymmetric key of")
            }
            KeyState::Hidden => (Rule::KeyHidden, "is not for the caller to describe, a key of"),
        };
        if self.silent.key_check == KeyCheck::Later {
            return Ok(Some(Later::KeyInvalid));
        }
        let parameter = Parameter::KmsKeyId;
        let message = format!("`{parameter}`: `{key}` {what} `{called}`");
        Err(Refusal::new(rule, Some(parameter), message))
    }

    /// The image: refused, failing later, or neither (F141, F149, P-IMAGE-SOURCE).
    fn image_source(
        &self,
        asked: &Asked<'a>,
        seen: Option<&ImageSeen<'a>>,
    ) -> Result<Option<Later>, Refusal> {
        let (rule, later) = match seen {
            None => (Rule::ImageMissing, Later::SourceNotFound),
            Some(image) if !image.visible => (Rule::ImageHidden, Later::SourceNotFound),
            Some(image) if image.state != ImageState::Available => {
                (Rule::ImageState, Later::SourceNotComplete)
            }
            Some(_) => return Ok(None),
        };
        if self.silent.image_source == ImageSource::Later {
            return Ok(Some(later));
        }
        let (id, region) = (asked.source, asked.source_region);
        let message = match seen.filter(|image| image.visible) {
            Some(image) => {
                format!("`{id}` is {}: only available images are copied", image.state.name())
            }
            None if seen.is_some() => format!("`{id}` is not shared with the account"),
            None => format!("there is no image `{id}` in `{region}`"),
        };
        Err(Refusal::new(rule, Some(Parameter::SourceImageId), message))
    }

    /// Whether there is a way, and whether a duration may be asked for on it.
    fn route(
        &self,
        asked: &Asked<'a>,
        (home, from): (&'static Region, PlaceOf<'a>),
        goal: &Goal<'a>,
    ) -> Result<(), Refusal> {
        let action = asked.action;
        let to = goal.place;
        let parameter = goal.parameter.unwrap_or(Parameter::SourceRegion);
        let is_listed = match (from, to) {
            (PlaceOf::LocalZone { .. }, PlaceOf::LocalZone { .. }) => {
                action == Action::CopyImage
                    && from.region() == to.region()
                    && self.state.is_zone_pair(from.name(), to.name())
            }
            _ => false,
        };
        if !is_listed {
            route_by(self.silent, action, from, to)
                .map_err(|refusal| Refusal { parameter: Some(parameter), ..refusal })?;
        }
        let closed = [home, self.region].into_iter().find(|region| !region.supported);
        if let Some(closed) = closed.filter(|_| home.name != self.region.name) {
            let rule = match action {
                Action::CopySnapshot => Rule::InterRegion,
                Action::CopyImage => Rule::InterRegionImage,
            };
            let message =
                format!("no endpoint of `{}` is known, so nothing is copied there", closed.name);
            return Err(Refusal::new(rule, Some(Parameter::SourceRegion), message));
        }
        if asked.minutes.is_some() {
            self.timed(asked, Rule::EdgeSourceDuration, from)?;
        }
        Ok(())
    }

    /// Encryption of the copies, and what else follows once nothing stands against the request.
    fn accept(
        &self,
        asked: &Asked<'a>,
        from: PlaceOf<'a>,
        goal: &Goal<'a>,
        copied: Copied<'a>,
    ) -> Result<Accepted<'a>, Refusal> {
        let way = match goal.place {
            PlaceOf::Outpost { .. } => Way::ToOutpost,
            to if from.region() == to.region() => Way::Inside,
            PlaceOf::Region { .. } | PlaceOf::LocalZone { .. } => Way::Across,
        };
        let encrypting = Encrypting {
            action: asked.action,
            given: asked.key,
            asked: asked.encrypted == Some(true),
            forced: way == Way::ToOutpost || goal.encrypts,
            way,
            defaults: self.state.defaults(&self.region.name),
            image_key: self.silent.image_key,
        };
        let sources = match &copied {
            Copied::One(one) => one.as_slice(),
            Copied::Of(all) => all,
        };
        let mut fails = None;
        let mut has_use = sources.is_empty();
        for (id, source) in sources {
            if let SourceKey::Under { usable, .. } = source {
                if asked.encrypted == Some(false) {
                    let message = format!(
                        "`Encrypted` is false, and the snapshot `{id}` is encrypted: its copy is \
                         too; leave `Encrypted` out"
                    );
                    let parameter = Some(Parameter::Encrypted);
                    return Err(Refusal::new(Rule::Unencrypt, parameter, message));
                }
                if !usable {
                    fails = Some(Later::KeyNotAccessible);
                }
            }
            has_use |= encrypting.of(*source) != Encryption::Plain;
        }
        if asked.key.is_some() && !has_use && self.silent.key_needs == KeyNeeds::Outcome {
            let message = "`KmsKeyId` is given, and the copy is not encrypted: set `Encrypted`";
            let parameter = Some(Parameter::KmsKeyId);
            return Err(Refusal::new(Rule::KeyForPlain, parameter, message.to_owned()));
        }
        Ok(Accepted {
            action: asked.action,
            source: asked.source,
            from,
            to: goal.place,
            duration: None,
            encrypting,
            tags_follow: false,
            fails,
            copied,
        })
    }
}

/// A Region as a place.
fn place_of(region: &'static Region) -> PlaceOf<'static> {
    PlaceOf::Region { name: &region.name, partition: &region.partition }
}

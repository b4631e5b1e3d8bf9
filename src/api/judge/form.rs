//! What can be said of a request from its own text: required parameters, syntax, combinations.

use super::{Context, place_of};
use crate::api::{
    Action, CopyImageRequest, CopySnapshotRequest, Exclusive, KeyNeeds, NoRegion, Parameter,
    PlaceOf, Refusal, Rule, State, Tags, ZoneEncryption,
};
use crate::catalog::ErrorCode;
use crate::catalog::limit::IMAGE_NAME_LENGTH;
use crate::catalog::location::{self, Region};

/// Most characters of an image's description (API model of CopyImage).
const DESCRIPTION_LENGTH: usize = 255;

/// Characters of an image's name besides letters and digits.
///
/// Documented: API reference of `CreateImage`, parameter `Name`, read 2026-11.
const NAME_SIGNS: &[u8] = b"()[] ./-'@_";

/// What both calls have in common; what a call does not have is absent. Required texts that are
/// absent are empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) action: Action,
    pub(super) source_region: &'a str,
    pub(super) source: &'a str,
    pub(super) name: &'a str,
    pub(super) key: Option<&'a str>,
    pub(super) encrypted: Option<bool>,
    pub(super) minutes: Option<i64>,
    pub(super) tags: Option<&'a Tags>,
    pub(super) dry_run: bool,
    description: &'a str,
    token: Option<&'a str>,
    outpost: Option<&'a str>,
    zone: Option<&'a str>,
    zone_id: Option<&'a str>,
}

/// Where a copy goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Goal<'a> {
    pub(super) place: PlaceOf<'a>,
    /// Whether it is a Local Zone that encrypts whatever arrives (F72).
    pub(super) encrypts: bool,
    /// The parameter that says so; none: the Region that the request is sent to (F58).
    pub(super) parameter: Option<Parameter>,
}

impl<'a> From<&'a CopySnapshotRequest> for Asked<'a> {
    fn from(request: &'a CopySnapshotRequest) -> Asked<'a> {
        Asked {
            action: Action::CopySnapshot,
            source_region: request.source_region.as_deref().unwrap_or_default(),
            source: request.source_snapshot_id.as_deref().unwrap_or_default(),
            name: "",
            key: request.kms_key_id.as_deref(),
            encrypted: request.encrypted,
            minutes: request.completion_duration_minutes,
            tags: request.tag_specifications.as_ref(),
            dry_run: request.dry_run == Some(true),
            description: "",
            token: None,
            outpost: request.destination_outpost_arn.as_deref(),
            zone: request.destination_availability_zone.as_deref(),
            zone_id: None,
        }
    }
}

impl<'a> From<&'a CopyImageRequest> for Asked<'a> {
    fn from(request: &'a CopyImageRequest) -> Asked<'a> {
        Asked {
            action: Action::CopyImage,
            source_region: request.source_region.as_deref().unwrap_or_default(),
            source: request.source_image_id.as_deref().unwrap_or_default(),
            name: request.name.as_deref().unwrap_or_default(),
            key: request.kms_key_id.as_deref(),
            encrypted: request.encrypted,
            minutes: request.snapshot_copy_completion_duration_minutes,
            tags: request.tag_specifications.as_ref(),
            dry_run: request.dry_run == Some(true),
            description: request.description.as_deref().unwrap_or_default(),
            token: request.client_token.as_deref(),
            outpost: request.destination_outpost_arn.as_deref(),
            zone: request.destination_availability_zone.as_deref(),
            zone_id: request.destination_availability_zone_id.as_deref(),
        }
    }
}

impl Asked<'_> {
    /// The parameter that the call has for its completion duration.
    pub(super) const fn minutes_parameter(&self) -> Parameter {
        match self.action {
            Action::CopySnapshot => Parameter::CompletionDurationMinutes,
            Action::CopyImage => Parameter::SnapshotCopyCompletionDurationMinutes,
        }
    }

    const fn source_parameter(&self) -> Parameter {
        match self.action {
            Action::CopySnapshot => Parameter::SourceSnapshotId,
            Action::CopyImage => Parameter::SourceImageId,
        }
    }

    /// Ids, name, description: their syntax (F66, F83, F141).
    fn texts(&self) -> Result<(), Refusal> {
        let refuse = |rule, parameter, message| Err(Refusal::new(rule, Some(parameter), message));
        let (rule, prefix) = match self.action {
            Action::CopySnapshot => (Rule::SnapshotId, "snap-"),
            Action::CopyImage => (Rule::ImageId, "ami-"),
        };
        let parameter = self.source_parameter();
        if !is_id(self.source, prefix) {
            let message = format!(
                "`{parameter}` is `{}`, and has to be `{prefix}` and 8 or 17 hexadecimal digits",
                self.source
            );
            return refuse(rule, parameter, message);
        }
        if self.action == Action::CopyImage && !is_name(self.name) {
            let (least, most) = IMAGE_NAME_LENGTH;
            let message = format!(
                "`Name` is `{}`, and has to be {least} to {most} characters: letters, digits, \
                 spaces, and ()[]./-'@_",
                self.name
            );
            return refuse(Rule::ImageName, Parameter::Name, message);
        }
        if is_longer(self.description, DESCRIPTION_LENGTH) {
            let message = format!("`Description` has more than {DESCRIPTION_LENGTH} characters");
            return refuse(Rule::Description, Parameter::Description, message);
        }
        Ok(())
    }

    /// `Encrypted` and `KmsKeyId` as far as they contradict each other (F67, F70).
    fn encryption(&self, needs: KeyNeeds) -> Result<(), Refusal> {
        if self.action == Action::CopySnapshot && self.encrypted == Some(false) {
            let message = "`Encrypted` is false, which CopySnapshot does not take: leave it out";
            let parameter = Some(Parameter::Encrypted);
            return Err(Refusal::new(Rule::SnapshotPlain, parameter, message.to_owned()));
        }
        let needs_more = needs == KeyNeeds::Parameter && self.encrypted != Some(true);
        if self.key.is_some() && needs_more {
            let message = "`KmsKeyId` needs `Encrypted` set to true";
            let parameter = Some(Parameter::KmsKeyId);
            return Err(Refusal::new(Rule::KeyWithoutEncrypted, parameter, message.to_owned()));
        }
        Ok(())
    }
}

impl<'a, S: State> Context<'a, S> {
    /// All that the text alone says, and where the copy is to go.
    pub(super) fn form(&self, asked: &Asked<'a>) -> Result<Goal<'a>, Refusal> {
        self.required(asked)?;
        asked.texts()?;
        if let Some(token) = asked.token {
            self.token_text(token)?;
        }
        let goal = self.goal(asked)?;
        asked.encryption(self.silent.key_needs)?;
        Ok(goal)
    }

    fn required(&self, asked: &Asked<'a>) -> Result<(), Refusal> {
        let missing = |rule, parameter| {
            let message = format!("{} needs `{parameter}`", asked.action.name());
            Err(Refusal::new(rule, Some(parameter), message))
        };
        if asked.source_region.is_empty() {
            return missing(Rule::RequiredRegion, Parameter::SourceRegion).map_err(|refusal| {
                match self.silent.no_region {
                    NoRegion::Missing => refusal,
                    NoRegion::ServerError => refusal.coded(ErrorCode::InternalError),
                }
            });
        }
        if asked.source.is_empty() {
            return missing(Rule::Required, asked.source_parameter());
        }
        if asked.action == Action::CopyImage && asked.name.is_empty() {
            return missing(Rule::Required, Parameter::Name);
        }
        Ok(())
    }

    fn token_text(&self, token: &str) -> Result<(), Refusal> {
        let most = self.silent.token_length;
        if token.is_ascii() && token.len() <= most {
            return Ok(());
        }
        let message = format!("`ClientToken` has to be at most {most} ASCII characters");
        Err(Refusal::new(Rule::Token, Some(Parameter::ClientToken), message))
    }

    /// The destination that the parameters name: at most one (F58, F61, F62).
    fn goal(&self, asked: &Asked<'a>) -> Result<Goal<'a>, Refusal> {
        let n_named = [asked.outpost, asked.zone, asked.zone_id].into_iter().flatten().count();
        let is_lax =
            asked.action == Action::CopySnapshot && self.silent.exclusive == Exclusive::Lax;
        if 1 < n_named && !is_lax {
            let rule = match asked.action {
                Action::CopySnapshot => Rule::OneDestinationSnapshot,
                Action::CopyImage => Rule::OneDestination,
            };
            let message = "more than one destination is named: a copy goes to one Outpost, or to \
                           one Local Zone";
            let parameter = match asked.outpost {
                Some(_) => Parameter::DestinationOutpostArn,
                None => Parameter::DestinationAvailabilityZoneId,
            };
            return Err(Refusal::new(rule, Some(parameter), message.to_owned()));
        }
        if let Some(arn) = asked.outpost {
            return outpost(arn);
        }
        let named = [
            (Parameter::DestinationAvailabilityZone, asked.zone),
            (Parameter::DestinationAvailabilityZoneId, asked.zone_id),
        ];
        let named = named.into_iter().find_map(|(parameter, name)| Some((parameter, name?)));
        match named {
            Some((parameter, name)) => self.zone(parameter, name),
            None => Ok(Goal { place: place_of(self.region), encrypts: false, parameter: None }),
        }
    }

    fn zone(&self, parameter: Parameter, name: &'a str) -> Result<Goal<'a>, Refusal> {
        let by_name = parameter == Parameter::DestinationAvailabilityZone;
        let found = self.state.zone(name);
        let Some(zone) = found.filter(|zone| name == if by_name { zone.name } else { zone.id })
        else {
            let told = if by_name { "name" } else { "id" };
            let meant = found.map(|zone| if by_name { zone.name } else { zone.id });
            let help = meant.map(|meant| format!(" (did you mean `{meant}`?)"));
            let message = format!(
                "`{parameter}`: no Local Zone has the {told} `{name}`{}",
                help.unwrap_or_default()
            );
            return Err(Refusal::new(Rule::Zone, Some(parameter), message));
        };
        Ok(Goal {
            place: PlaceOf::LocalZone { name: zone.name, parent: zone.parent },
            encrypts: zone.encrypts || self.silent.zone_encryption == ZoneEncryption::All,
            parameter: Some(parameter),
        })
    }

    /// The Region that `SourceRegion` names.
    pub(super) fn home(&self, asked: &Asked<'a>) -> Result<&'static Region, Refusal> {
        let name = asked.source_region;
        if name == self.region.name {
            return Ok(self.region);
        }
        location::region(name).map_err(|unknown| {
            let parameter = Parameter::SourceRegion;
            Refusal::new(Rule::Region, Some(parameter), format!("`{parameter}`: {unknown}"))
        })
    }
}

/// The Outpost of an ARN: `arn:aws:outposts:us-west-2:111122223333:outpost/op-…`.
fn outpost(arn: &str) -> Result<Goal<'_>, Refusal> {
    let parameter = Parameter::DestinationOutpostArn;
    let mut parts = arn.splitn(6, ':');
    let mut part = || parts.next().unwrap_or_default();
    let (word, _partition, service, region, account) = (part(), part(), part(), part(), part());
    let is_outpost = part().strip_prefix("outpost/").is_some_and(|id| is_id(id, "op-"));
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let is_region = location::find_region(region).is_some();
    if word == "arn" && service == "outposts" && is_region && is_account && is_outpost {
        let place = PlaceOf::Outpost { name: arn, parent: region };
        return Ok(Goal { place, encrypts: false, parameter: Some(parameter) });
    }
    let message = format!(
        "`{parameter}` is `{arn}`, and has to be as \
         `arn:aws:outposts:us-west-2:111122223333:outpost/op-1234567890abcdef0`"
    );
    Err(Refusal::new(Rule::OutpostArn, Some(parameter), message))
}

/// The Region that an ARN names; none where the text is no ARN.
pub(super) fn region_of_arn(text: &str) -> Option<&str> {
    let mut parts = text.split(':');
    (parts.next()? == "arn").then_some(())?;
    parts.nth(2)
}

/// Whether a text is an id: the prefix, and 8 or 17 hexadecimal digits that are not all zero (F83).
fn is_id(text: &str, prefix: &str) -> bool {
    let Some(digits) = text.strip_prefix(prefix) else { return false };
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    matches!(digits.len(), 8 | 17)
        && digits.bytes().all(is_digit)
        && digits.bytes().any(|byte| byte != b'0')
}

/// Whether a text can be the name of an image (F66).
fn is_name(name: &str) -> bool {
    let (least, most) = IMAGE_NAME_LENGTH;
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || NAME_SIGNS.contains(&byte);
    (least..=most).contains(&name.len()) && name.bytes().all(is_sign)
}

/// Whether a text has more characters than `most`; they are counted only where it may.
pub(super) fn is_longer(text: &str, most: usize) -> bool {
    most < text.len() && most < text.chars().count()
}

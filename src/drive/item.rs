//! What a fleet consists of, drawn: volumes and images, and how they change.

use std::collections::BTreeMap;

use super::schedule::Instants;
use crate::model::change::{ChangeRate, Changed, SourceSnapshot, change_rate, clock_speed, grown};
use crate::model::civil::Day;
use crate::model::{
    Applications, Change, Fleet, Items, Judged, ListedRequest, ListedVolume, SiteIdx, Undone,
};
use crate::rng::{Chance, Distribution, NameHash, Purpose};
use crate::units::{Bytes, Instant, Span, index_usize};

/// One volume, or one backing snapshot of an image family.
#[derive(Debug, Clone)]
pub(super) struct Volume {
    /// Its number among all volumes of the run.
    pub(super) number: u32,
    /// How rows name it.
    pub(super) label: String,
    /// What the ids of its snapshots come from.
    pub(super) root: NameHash,
    /// The id of its only snapshot, where the scenario gives one.
    pub(super) given_id: Option<String>,
    /// Bytes of a full copy at the start of the run.
    written: Bytes,
    /// The rate k of its change; see [`crate::model::change`].
    change_rate: f64,
    /// Its lineage at each destination, by copy rule.
    pub(super) lineages: Vec<usize>,
    /// What a request says of its snapshot.
    pub(super) requested: Option<Requested>,
}

/// What is known of a snapshot that a request copies, and of its copy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Requested {
    /// When it began.
    started: Instant,
    /// The key that its copy comes out under.
    pub(super) key: u32,
}

/// What is snapshot, or released, and copied as one: a volume, or an image.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Name within the fleet.
    pub(super) name: String,
    /// Hash of its path.
    pub(super) hash: NameHash,
    /// What its phase, start window, and jitter are drawn by: its own path, or that of the
    /// application that it belongs to, whose snapshots begin together.
    pub(super) timing: NameHash,
    /// The application that it belongs to.
    pub(super) application: Option<String>,
    /// One volume, or the backing snapshots of an image.
    pub(super) volumes: Vec<Volume>,
    /// How much later than the fleet it is due, each time.
    pub(super) phase: Span,
    /// Its instants.
    pub(super) instants: Instants,
    /// The recurrence that is due next.
    pub(super) batch: Instant,
    /// When its latest snapshot began.
    pub(super) latest_start: Instant,
    /// Snapshots so far.
    pub(super) n_snapshots: u64,
    /// Reading of its change clock, days.
    clock: f64,
    /// When that was read.
    clock_at: Instant,
    /// The day that this was on, once the clock has run, and the clock's speed on it.
    today: Option<(FleetDay, f64)>,
    /// Reading when its latest snapshot began: what a snapshot has to write.
    snapshot_clock: f64,
    /// What the judge said of it, where it is a request.
    pub(super) judged: Judged,
    /// What is done to its request later.
    pub(super) later: Undone,
}

/// A day of a fleet: when it ends, and how much all its volumes change: the common factor times
/// those of the calendar.
#[derive(Debug, Clone, Copy)]
pub(super) struct FleetDay {
    day: Day,
    ends: Instant,
    common: f64,
}

impl FleetDay {
    /// A day of a fleet, if it is not the latest that was asked for.
    fn of(fleet: &Fleet, chance: Chance, day: Day, latest: &mut Option<FleetDay>) -> FleetDay {
        let known = latest.filter(|latest| latest.day == day);
        *latest.insert(known.unwrap_or_else(|| FleetDay::new(fleet, chance, day)))
    }

    fn new(fleet: &Fleet, chance: Chance, day: Day) -> FleetDay {
        let common = match &fleet.change {
            Change::Daily(change) => {
                let hash = NameHash::of(&fleet.name).number(day.number());
                let drawn = factor(chance, Purpose::CommonFactor, hash, change.common);
                drawn * change.calendar_factor(day)
            }
            Change::PerSnapshot(_) | Change::Everything => 1.0,
        };
        FleetDay { day, ends: day.next().begins(&fleet.schedule.time_zone), common }
    }
}

/// A lognormal factor of median 1.
fn factor(chance: Chance, purpose: Purpose, hash: NameHash, sigma: f64) -> f64 {
    if sigma <= 0.0 {
        return 1.0;
    }
    Distribution::LogNormal { median: 1.0, sigma }.sample(&mut chance.stream(purpose, hash))
}

impl Item {
    /// Brings the change clock to `at`, day by day; releases count one each. `latest` is the day of
    /// the fleet that another item came to last.
    pub(super) fn advance(
        &mut self,
        fleet: &Fleet,
        chance: Chance,
        at: Instant,
        latest: &mut Option<FleetDay>,
    ) {
        let Change::Daily(change) = &fleet.change else {
            self.clock += 1.0;
            return;
        };
        let varies = 0.0 < change.day_to_day || 0.0 < change.common || !change.calendar.is_empty();
        if !varies {
            self.clock += at.since_or_zero(self.clock_at).days();
            self.clock_at = self.clock_at.max(at);
            return;
        }
        let hash = self.hash;
        let mut begin = |day: Day| {
            let today = FleetDay::of(fleet, chance, day, latest);
            let own = hash.number(day.number());
            let own = factor(chance, Purpose::DayFactor, own, change.day_to_day);
            (today, clock_speed(own * today.common))
        };
        let zone = &fleet.schedule.time_zone;
        let (mut today, mut speed) =
            self.today.unwrap_or_else(|| begin(Day::of(self.clock_at, zone)));
        while self.clock_at < at {
            if today.ends <= self.clock_at {
                (today, speed) = begin(today.day.next());
                continue;
            }
            let until = at.min(today.ends);
            self.clock += until.since(self.clock_at).days() * speed;
            self.clock_at = until;
        }
        self.today = Some((today, speed));
    }

    /// The item's snapshots as of the reading of its clock; `at` is when they begin.
    pub(super) fn snapshots(
        &self,
        fleet: &Fleet,
        start: Instant,
        at: Instant,
    ) -> impl Iterator<Item = SourceSnapshot> {
        let days = at.since_or_zero(start).days();
        let (number, change_clock, growth) = (self.n_snapshots, self.clock, fleet.growth_per_year);
        let before = self.snapshot_clock;
        self.volumes.iter().map(move |volume| {
            let made = SourceSnapshot {
                volume: volume.number,
                number,
                started: at,
                full: grown(volume.written, growth, days),
                change_clock,
                change_rate: volume.change_rate,
                since: Some(Changed::between(volume.change_rate, before, change_clock)),
            };
            // A request copies a snapshot that was made when its file says. Only differences of the
            // clock count, so it may as well read the time itself.
            volume.requested.map_or(made, |known| SourceSnapshot {
                started: known.started,
                change_clock: known.started.since(Instant::ZERO).days(),
                since: None,
                ..made
            })
        })
    }

    /// A snapshot was taken: returns the clock's reading at the one before.
    pub(super) fn take_snapshot(&mut self) -> f64 {
        self.n_snapshots += 1;
        std::mem::replace(&mut self.snapshot_clock, self.clock)
    }
}

/// What an item is drawn from.
struct Draft {
    name: String,
    application: Option<String>,
    parts: Vec<Part>,
    /// What the judge said, how much later than the fleet it is due, and what is done to it later,
    /// where it is a request.
    request: Option<(Judged, Span, Undone)>,
}

/// One volume, or one backing snapshot, before it is drawn.
struct Part {
    label: String,
    written: Bytes,
    daily: Option<ChangeRate>,
    /// The source snapshot, where several copies may share it.
    shared_source: Option<String>,
    /// The volume, and what is known of the snapshot, where a request copies it.
    requested: Option<(String, Requested)>,
}

impl Part {
    fn new(label: String, written: Bytes) -> Part {
        Part { label, written, daily: None, shared_source: None, requested: None }
    }
}

/// Draws the items of a fleet. `number` counts volumes, `lineage` lineages, over all fleets.
pub(super) fn draw(
    fleet: &Fleet,
    chance: Chance,
    start: Instant,
    counters: &mut Counters,
) -> Vec<Item> {
    let root = NameHash::of(&fleet.name);
    let mut drafts = drafts(fleet, chance, root);
    for (place, draft) in drafts.iter_mut().enumerate() {
        draft.application = application(fleet, place, draft.application.as_deref());
    }
    drafts.into_iter().map(|draft| item(fleet, chance, start, (root, draft), counters)).collect()
}

/// Numbers that are given out over all fleets of a run.
#[derive(Debug, Default)]
pub(super) struct Counters {
    volumes: u32,
    lineages: usize,
    /// Volumes whose snapshot several explicit copies share, by the snapshot's name.
    shared: BTreeMap<String, u32>,
    /// Lineages that requests share: by volume, destination, and account.
    requested: BTreeMap<(String, SiteIdx, usize), usize>,
}

impl Counters {
    /// The number of the next volume, or of the one that a shared source belongs to.
    fn volume(&mut self, shared: Option<&str>) -> u32 {
        if let Some(known) = shared.and_then(|name| self.shared.get(name)) {
            return *known;
        }
        let number = self.volumes;
        self.volumes += 1;
        if let Some(name) = shared {
            self.shared.insert(name.to_owned(), number);
        }
        number
    }

    /// The lineages of a volume or backing snapshot, by copy rule.
    fn lineages(&mut self, fleet: &Fleet, requested: Option<&str>) -> Vec<usize> {
        let first = self.lineages;
        self.lineages += fleet.copies.len();
        let own = share_lineages(fleet, first);
        let Some(volume) = requested else { return own };
        let shared = fleet.copies.iter().zip(own).map(|(rule, own)| {
            let key = (volume.to_owned(), rule.to, rule.accounts[0]);
            *self.requested.entry(key).or_insert(own)
        });
        shared.collect()
    }
}

fn drafts(fleet: &Fleet, chance: Chance, root: NameHash) -> Vec<Draft> {
    match &fleet.items {
        Items::Drawn { count, size, fill } => (1..=*count)
            .map(|n| {
                let name = format!("{n:04}");
                let mut stream = chance.stream(Purpose::Size, root.child(&name));
                let size = Bytes::from_f64(size.sample(&mut stream).max(0.0));
                let share = fill.sample(&mut stream).clamp(0.0, 1.0);
                let parts = vec![Part::new(name.clone(), size.scale(share))];
                Draft { name, application: None, parts, request: None }
            })
            .collect(),
        Items::Listed(volumes) => volumes.iter().map(listed).collect(),
        Items::Images(images) => images
            .iter()
            .map(|image| Draft {
                name: image.name.clone(),
                application: None,
                parts: image
                    .snapshots
                    .iter()
                    .map(|part| Part::new(format!("{}/{}", image.name, part.name), part.written))
                    .collect(),
                request: None,
            })
            .collect(),
        Items::Requests { images, requests } => {
            requests.iter().map(|request| asked_for(*images, request)).collect()
        }
    }
}

/// A request as an item: its snapshots share turns and lineages with those of other requests.
fn asked_for(of_image: bool, request: &ListedRequest) -> Draft {
    let parts = request.snapshots.iter().map(|snapshot| Part {
        label: if of_image {
            format!("{}/{}", request.name, snapshot.id)
        } else {
            request.name.clone()
        },
        written: snapshot.written,
        daily: Some(snapshot.change),
        shared_source: Some(snapshot.id.clone()),
        requested: Some((
            snapshot.volume.clone(),
            Requested { started: snapshot.started, key: snapshot.key },
        )),
    });
    Draft {
        name: request.name.clone(),
        application: None,
        parts: parts.collect(),
        request: Some((request.judged, request.after, request.later)),
    }
}

fn listed(volume: &ListedVolume) -> Draft {
    let part = Part {
        daily: volume.daily_change,
        shared_source: volume.shared_source.clone(),
        ..Part::new(volume.name.clone(), volume.written)
    };
    let application = volume.application.clone();
    Draft { name: volume.name.clone(), application, parts: vec![part], request: None }
}

/// The whole name of the application that an item belongs to, by its place in the fleet and by what
/// lists it.
pub(super) fn application(fleet: &Fleet, place: usize, listed: Option<&str>) -> Option<String> {
    match &fleet.applications {
        Applications::None => None,
        Applications::Named(name) => Some(name.clone()),
        Applications::Every(each) => {
            let each = index_usize(*each).max(1);
            Some(format!("{}/{}", fleet.name, place / each + 1))
        }
        Applications::Listed => listed.map(|name| format!("{}/{name}", fleet.name)),
    }
}

fn item(
    fleet: &Fleet,
    chance: Chance,
    start: Instant,
    (root, draft): (NameHash, Draft),
    counters: &mut Counters,
) -> Item {
    let hash = root.child(&draft.name);
    let timing = draft.application.as_ref().map_or(hash, |name| NameHash::of(name));
    let spread = fleet.schedule.phase_spread;
    let phase = match draft.request {
        Some((_, after, _)) => after,
        None if spread == Span::ZERO => Span::ZERO,
        None => spread.scale(crate::rng::unit(&mut chance.stream(Purpose::Phase, timing))),
    };
    let volumes = draft.parts.into_iter().map(|part| {
        let shared = part.shared_source.as_deref();
        let number = counters.volume(shared);
        let volume = part.requested.as_ref().map(|(volume, _)| volume.as_str());
        let lineages = counters.lineages(fleet, volume);
        let change_rate = rate(fleet, chance, hash, part.daily);
        let root = shared.map_or_else(|| hash.child(&part.label), NameHash::of);
        let given_id = shared.filter(|name| name.starts_with("snap-")).map(ToOwned::to_owned);
        let requested = part.requested.map(|(_, requested)| requested);
        Volume {
            number,
            label: part.label,
            root,
            given_id,
            written: part.written,
            change_rate,
            lineages,
            requested,
        }
    });
    let volumes = volumes.collect();
    Item {
        name: draft.name,
        hash,
        timing,
        application: draft.application,
        volumes,
        phase,
        instants: Instants::new(start),
        batch: start,
        latest_start: start.back(Span::from_nanos(1)),
        n_snapshots: 0,
        clock: 0.0,
        clock_at: start,
        today: None,
        snapshot_clock: 0.0,
        judged: draft.request.map_or(Judged::Accepted, |(judged, _, _)| judged),
        later: draft.request.map_or(Undone::default(), |(_, _, later)| later),
    }
}

/// Rules to one destination share its lineage, where they are of the same accounts: copies of others
/// share no blocks with them.
fn share_lineages(fleet: &Fleet, first: usize) -> Vec<usize> {
    let same = |rule: usize| {
        let own = &fleet.copies[rule];
        fleet.copies.iter().position(|other| other.shares_lineage(own)).unwrap_or(rule)
    };
    (0..fleet.copies.len()).map(|rule| first + same(rule)).collect()
}

/// The rate k of a volume's change clock.
fn rate(fleet: &Fleet, chance: Chance, hash: NameHash, known: Option<ChangeRate>) -> f64 {
    match &fleet.change {
        Change::Daily(change) => known.map_or_else(
            || {
                let drawn = change.rate.sample(&mut chance.stream(Purpose::ChangeRate, hash));
                change_rate(drawn.clamp(0.0, 1.0))
            },
            |rate| rate.0,
        ),
        Change::PerSnapshot(share) => change_rate(*share),
        Change::Everything => 0.0,
    }
}

/// Sets the clocks of an item one interval before it is first due: what stood before the run.
///
/// Returns the snapshots of then.
pub(super) fn wind_back(item: &mut Item, fleet: &Fleet, first: Instant) -> Vec<SourceSnapshot> {
    let before = first.back(super::schedule::interval(&fleet.schedule));
    item.clock_at = before;
    let old =
        item.snapshots(fleet, before, before).map(|old| SourceSnapshot { number: u64::MAX, ..old });
    old.collect()
}

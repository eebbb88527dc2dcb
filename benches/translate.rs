//! What a machine's values cost on their way from OPC 40502 to NC-Link samples: `cargo bench --bench translate`.
//!
//! Forty values of one machine change at once, as one notification brings them: they are checked against the schema of the
//! source, translated, laid on the grids and, once in a second of the machine's time, written as samples and checked
//! again. Beside it the same values published as they are, so that the difference is the price of the translation.

use criterion::{Criterion, criterion_group, criterion_main};
use qiao::config::{self, FileFacts, World, plan::Plan};
use qiao::finding::{Language, Severity};
use qiao::model::browse::UA_NAMESPACE;
use qiao::model::discovery::{DataType, ItemMode, Target};
use qiao::model::tree::TreeWriter;
use qiao::model::{
    Batch, BrowseName, BrowsePath, BuiltInType, Discovery, FoundItem, FoundMachine, Now, Sample, Scalar, Timestamp,
};
use qiao::port::SourceEvent;
use qiao::profile::Files;
use qiao::runtime::stages::{Outbox, Prepared, Stages};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// No file is asked for.
struct Nothing;

impl World for Nothing {
    fn file(&self, _: &Path) -> Result<FileFacts, String> {
        Err("none".to_owned())
    }
    fn names(&self, _: &Path) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
    fn environment(&self, _: &str) -> Option<String> {
        None
    }
    fn folder(&self, _: &Path) -> Result<Files, String> {
        Err("none".to_owned())
    }
    fn language(&self) -> Language {
        Language::English
    }
}

const TYPES: &str = "nsu=http://opcfoundation.org/UA/CNC;i=";
const AXES: [&str; 8] = ["X", "Y", "Z", "A", "B", "C", "U", "V"];

/// What is read once.
#[derive(Clone, Copy)]
enum Once {
    Unit(&'static str),
    Range,
    No,
    Number,
    Text,
}

impl Once {
    fn scalar(self, arena: &mut Vec<u8>) -> Scalar {
        match self {
            Self::No => Scalar::Bool(false),
            Self::Number => Scalar::U64(BuiltInType::UInt32, 1),
            Self::Text => {
                let start = arena.len() as u32;
                arena.extend_from_slice(b"qiao");
                Scalar::Text(BuiltInType::String, qiao::model::Span { start, length: 4 })
            }
            Self::Unit(code) => {
                let id = qiao::model::unit::Unit::by_code(code).expect("a unit").id();
                let mut tree = TreeWriter::new(arena);
                tree.structure("i=887", 1, |tree| {
                    tree.field("UnitId");
                    tree.i64(BuiltInType::Int32, id.into());
                });
                Scalar::Tree(tree.finish())
            }
            Self::Range => {
                let mut tree = TreeWriter::new(arena);
                tree.structure("i=884", 2, |tree| {
                    tree.field("Low");
                    tree.f64(0.0);
                    tree.field("High");
                    tree.f64(1e6);
                });
                Scalar::Tree(tree.finish())
            }
        }
    }
}

/// Values that change, by path, and those that are read once.
fn paths() -> (Vec<String>, Vec<(String, Once)>) {
    let mut changing: Vec<String> =
        ["ActMainProgramName", "ActProgramName", "ActProgramStatus", "ActStatus", "ActOperationMode"]
            .map(|name| format!("CncChannelList/Channel 1/{name}"))
            .into();
    let mut once: Vec<(String, Once)> = Vec::new();
    let mut analog = |path: String, unit: &'static str, changing: &mut Vec<String>| {
        once.push((format!("{path}/EngineeringUnits"), Once::Unit(unit)));
        once.push((format!("{path}/EURange"), Once::Range));
        changing.push(path);
    };
    analog("CncChannelList/Channel 1/ActFeedrate".to_owned(), "H81", &mut changing);
    analog("CncChannelList/Channel 1/ActOverride".to_owned(), "P1", &mut changing);
    analog("CncSpindleList/Spindle 1/ActSpeed".to_owned(), "RPM", &mut changing);
    for axis in AXES {
        once.push((format!("CncAxisList/{axis}/PosDirect/EngineeringUnits"), Once::Unit("MMT")));
        once.push((format!("CncAxisList/{axis}/IsRotational"), Once::No));
        changing.extend(
            ["ActStatus", "PosDirect/ActPos", "PosDirect/CmdPos", "PosDirect/RemDist"]
                .map(|name| format!("CncAxisList/{axis}/{name}")),
        );
    }
    once.push(("CncSpindleList/Spindle 1/ActStatus".to_owned(), Once::Number));
    once.push(("CncChannelList/Channel 1/Id".to_owned(), Once::Number));
    once.extend(["VendorName", "VendorRevision", "Version"].map(|name| (name.to_owned(), Once::Text)));
    (changing, once)
}

fn item(path: &str) -> FoundItem {
    let step = |name: &str| BrowseName::new(UA_NAMESPACE, name);
    let kind = match path.split('/').next() {
        Some("CncChannelList") => "1002",
        Some("CncAxisList") => "1004",
        _ => "1005",
    };
    let steps: Vec<BrowseName> = path.split('/').map(step).collect();
    let types = (0..steps.len()).map(|at| if at == 1 { [format!("{TYPES}{kind}")].into() } else { Arc::from([]) });
    let types: Vec<Arc<[String]>> = types.collect();
    FoundItem {
        node: format!("nsu=urn:bench;s={path}"),
        targets: vec![Target { machine: 0, path: BrowsePath(steps), types }],
        mode: ItemMode::Monitored,
        data_type: DataType { node: "i=11".to_owned(), built_in: BuiltInType::Double, enumeration: None },
        value_rank: -1,
        unit: None,
    }
}

fn plan(publish_as: &str) -> Arc<Plan> {
    let text = format!(
        "gateway: {{ name: bench }}\nconnections:\n  cnc: {{ opcua: {{ endpoint: \"opc.tcp://plc\" }} }}\n  plant: {{ mqtt: {{ broker: \
         \"mqtts://broker\" }} }}\nflows: [{{ name: all, from: cnc, to: plant, profile: opcua/cnc@1.0{publish_as} }}]\n"
    );
    let checked = config::check("bench.yaml", text.as_bytes(), Path::new(""), &Nothing);
    Arc::new(checked.value.unwrap_or_else(|| panic!("{:?}", checked.findings)))
}

/// One machine under way.
struct Machine {
    stages: Stages,
    out: Outbox,
    slots: u32,
    round: i64,
    bytes: u64,
    messages: u64,
    /// What is wrong; nothing may be.
    faults: Vec<String>,
}

const BEGIN: i64 = 1_793_612_400_000;

impl Machine {
    fn start(publish_as: &str) -> Self {
        let plan = plan(publish_as);
        let prepared = Prepared::new(&plan).expect("schemas compile");
        let stages = Stages::new(plan, 0, prepared);
        let (changing, once) = paths();
        let mut machine = Self {
            stages,
            out: Outbox::default(),
            slots: changing.len() as u32,
            round: 0,
            bytes: 0,
            messages: 0,
            faults: Vec::new(),
        };
        let name = BrowseName::new("urn:bench", "Lathe");
        let found = FoundMachine {
            flow: 0,
            node: "nsu=urn:bench;s=Lathe".to_owned(),
            browse_name: name.clone(),
            path: BrowsePath(vec![name]),
            types: Vec::new(),
            parent: String::new(),
        };
        let paths = changing.iter().map(String::as_str).chain(once.iter().map(|(path, _)| path.as_str()));
        let items: Vec<FoundItem> = paths.map(item).collect();
        let discovery = Discovery { epoch: 1, carries_on: None, machines: vec![found], items };
        machine.take(SourceEvent::Found(Arc::new(discovery)));
        // What is read once: units and names.
        let (mut arena, mut samples) = (Vec::new(), Vec::new());
        for (slot, (_, once)) in (machine.slots..).zip(&once) {
            let scalar = once.scalar(&mut arena);
            samples.push(machine.sample(slot, scalar));
        }
        let received = machine.now().wall;
        machine.take(SourceEvent::Batch(Batch { epoch: 1, received, samples, arena, ..Batch::default() }));
        machine
    }

    fn now(&self) -> Now {
        let millis = self.round * 100;
        let monotonic = Duration::from_millis(u64::try_from(millis).unwrap_or_default());
        Now { wall: Timestamp::from_unix_millis(BEGIN + millis), monotonic }
    }

    fn sample(&self, slot: u32, scalar: Scalar) -> Sample {
        let time = self.now().wall;
        Sample { slot, status: 0, source_time: time, server_time: time, scalar }
    }

    fn take(&mut self, event: SourceEvent) {
        let now = self.now();
        self.stages.on_event(event, now, &mut self.out);
        self.stages.on_tick(now, &mut self.out);
        for transaction in self.out.transactions.drain(..) {
            self.bytes += transaction.bytes.len() as u64;
            self.messages += transaction.deliveries.len() as u64;
        }
        let findings = self.out.findings.drain(..).filter(|finding| {
            // That a CNC has more than forty values is no fault of its messages.
            finding.severity == Severity::Error && finding.code.0 != "QIAO-V202"
        });
        self.faults.extend(findings.map(|finding| finding.text(Language::English)));
        self.out.quarantined.clear();
    }

    /// A tenth of a second later every value is another one.
    fn notify(&mut self) {
        self.round += 1;
        let arena = b"O1234.MPF".to_vec();
        let text = Scalar::Text(BuiltInType::String, qiao::model::Span { start: 0, length: 9 });
        let scalar = |slot: u32, round: i64| match slot {
            0 | 1 => text,
            2..=4 => Scalar::I64(BuiltInType::Int32, 1),
            slot if slot >= 8 && (slot - 8).is_multiple_of(4) => Scalar::I64(BuiltInType::Int32, 1),
            _ => Scalar::F64(round as f64 * 0.125 + f64::from(slot)),
        };
        let samples = (0..self.slots).map(|slot| self.sample(slot, scalar(slot, self.round))).collect();
        let received = self.now().wall;
        self.take(SourceEvent::Batch(Batch { epoch: 1, received, samples, arena, ..Batch::default() }));
    }
}

fn translate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("forty values of a machine");
    for (name, publish_as) in [("as they are", ""), ("as NC-Link", ", publish-as: nclink/cnc@3.0")] {
        let mut machine = Machine::start(publish_as);
        assert_eq!(machine.slots, 40);
        for _ in 0..300 {
            machine.notify();
        }
        assert!(
            machine.faults.is_empty() && machine.messages > 20,
            "{name}: {} {:?}",
            machine.messages,
            machine.faults
        );
        let mut totals = Vec::new();
        machine.stages.totals_into(&mut totals);
        assert_eq!((totals[0].violations, totals[0].odd_times), (0, 0), "{name}: {totals:?}");
        println!("{name}: {} bytes in {} messages of 30 s", machine.bytes, machine.messages);
        group.bench_function(name, |bencher| bencher.iter(|| machine.notify()));
    }
    group.finish();
}

criterion_group!(benches, translate);
criterion_main!(benches);

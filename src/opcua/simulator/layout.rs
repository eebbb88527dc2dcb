//! The nodes of one machine tool, as OPC 40501-1 1.02 arranges them.

use super::behaviour::{Behaviour, JOBS, RUNS_PLANNED, TOOLS};
use super::companion::Namespace::{Di, Ia, Machine, MachineTool, Machinery, Ua};
use super::companion::{Known, Namespace, data_types, types};
use super::readings::{Field, Value};
use super::space::{Link, Place, Space, Unit, text};
use ::opcua::types::{DataTypeId, DateTime, LocalizedText, NodeId, UAString, Variant};

/// A node whose value moves, and what it shows.
#[derive(Clone, Debug)]
pub(super) struct Moving {
    pub(super) field: Field,
    pub(super) node: NodeId,
    pub(super) part: Part,
}

/// Which part of a field's value a node shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// As `UInt64`; the field counts in `UInt32`.
    AsUInt64,
    StateName,
    /// The state's node, in the namespace with this index.
    StateId(u16),
    StateNumber,
}

const PERCENT: Unit = Unit { code: "P1", symbol: "%", name: "percent" };
const MINUTES: Unit = Unit { code: "MIN", symbol: "min", name: "minute (unit of time)" };
const FEED: Unit = Unit { code: "H81", symbol: "mm/min", name: "millimetre per minute" };
const SPEED: Unit = Unit { code: "RPM", symbol: "r/min", name: "revolutions per minute" };
const KILOWATT: Unit = Unit { code: "KWT", symbol: "kW", name: "kilowatt" };
const MILLIMETRE: Unit = Unit { code: "MMT", symbol: "mm", name: "millimetre" };

/// The largest feed override that a machine takes, in percent.
pub(super) const FEED_OVERRIDE_MAX: f64 = 150.0;

/// What became of a machine.
pub(super) struct Written {
    pub(super) root: Place,
    /// The one node that clients may write.
    pub(super) feed_override: NodeId,
    pub(super) moving: Vec<Moving>,
}

/// Writes a machine.
pub(super) fn write(space: &mut Space<'_>, name: &str, number: usize, machine: &Behaviour, started: i64) -> Written {
    let root = space.machine(name);
    let mut layout = Layout { space, machine, started, moving: Vec::new() };
    layout.identification(&root, name, number);
    let feed_override = layout.monitoring(&root);
    layout.production(&root);
    layout.equipment(&root);
    layout.notification(&root);
    layout.process(&root);
    Written { feed_override, moving: layout.moving, root }
}

struct Layout<'a, 's> {
    space: &'a mut Space<'s>,
    machine: &'a Behaviour,
    /// Ticks at the machine's time zero.
    started: i64,
    moving: Vec<Moving>,
}

impl Layout<'_, '_> {
    fn object(&mut self, parent: &Place, name: (Namespace, &str), kind: Known) -> Place {
        self.space.object(parent, Link::Component, name, kind)
    }

    fn fixed(&mut self, parent: &Place, name: (Namespace, &str), data_type: DataTypeId, value: impl Into<Variant>) {
        self.space.property(parent, name, data_type.into(), value.into());
    }

    /// A component or property that shows a whole field.
    fn shows(&mut self, parent: &Place, link: Link, name: (Namespace, &str), data_type: NodeId, field: Field) -> Place {
        let kind = if matches!(link, Link::Property) { types::PROPERTY } else { types::BASE_DATA_VARIABLE };
        self.part(parent, link, name, kind, data_type, field, Part::Whole)
    }

    #[expect(clippy::too_many_arguments, reason = "the attributes of a variable and what fills it")]
    fn part(
        &mut self,
        parent: &Place,
        link: Link,
        name: (Namespace, &str),
        kind: Known,
        data_type: NodeId,
        field: Field,
        part: Part,
    ) -> Place {
        let value = part.of(self.machine.value(field), self.started);
        let place = self.space.variable(parent, link, name, kind, data_type, value);
        self.moving.push(Moving { field, node: place.id.clone(), part });
        place
    }

    fn number(&mut self, parent: &Place, name: (Namespace, &str), data_type: DataTypeId, field: Field) -> Place {
        self.shows(parent, Link::Component, name, data_type.into(), field)
    }

    fn enumeration(&mut self, parent: &Place, name: (Namespace, &str), data_type: Known, field: Field) {
        let data_type = self.space.id(data_type);
        self.shows(parent, Link::Component, name, data_type, field);
    }

    /// An `AnalogUnitRangeType` variable with unit and range.
    fn analog(
        &mut self,
        parent: &Place,
        name: (Namespace, &str),
        unit: Unit,
        range: (f64, f64),
        field: Field,
    ) -> Place {
        let double = DataTypeId::Double.into();
        let place = self.part(parent, Link::Component, name, types::ANALOG_UNIT_RANGE, double, field, Part::Whole);
        self.space.unit(&place, unit, range.0, range.1);
        place
    }

    /// A state machine: `CurrentState` with `Id` and `Number`.
    fn state_machine(&mut self, parent: &Place, link: Link, name: (Namespace, &str), kind: Known, field: Field) {
        let machine = self.space.object(parent, link, name, kind);
        let state = self.part(
            &machine,
            Link::Component,
            (Ua, "CurrentState"),
            types::FINITE_STATE_VARIABLE,
            DataTypeId::LocalizedText.into(),
            field,
            Part::StateName,
        );
        let id = Part::StateId(self.space.index(kind.0));
        self.part(&state, Link::Property, (Ua, "Id"), types::PROPERTY, DataTypeId::NodeId.into(), field, id);
        let number = Part::StateNumber;
        self.part(&state, Link::Property, (Ua, "Number"), types::PROPERTY, DataTypeId::UInt32.into(), field, number);
    }

    fn identification(&mut self, root: &Place, name: &str, number: usize) {
        let at = self.space.object(root, Link::AddIn, (Di, "Identification"), types::IDENTIFICATION);
        let serial = format!("QIAO-{:05}", 815 + number);
        self.fixed(&at, (Di, "Manufacturer"), DataTypeId::LocalizedText, text("qiao simulator"));
        self.fixed(&at, (Di, "ManufacturerUri"), DataTypeId::String, "https://example.org/qiao");
        self.fixed(&at, (Di, "Model"), DataTypeId::LocalizedText, text("QM 500"));
        self.fixed(&at, (Di, "ProductCode"), DataTypeId::String, "QM-500-5X");
        self.fixed(&at, (Di, "SerialNumber"), DataTypeId::String, serial.as_str());
        let uri = format!("https://example.org/qiao/qm-500/{serial}");
        self.fixed(&at, (Di, "ProductInstanceUri"), DataTypeId::String, uri.as_str());
        self.fixed(&at, (Di, "DeviceClass"), DataTypeId::String, "Machining centre");
        self.fixed(&at, (Di, "SoftwareRevision"), DataTypeId::String, "4.2.1");
        self.fixed(&at, (Di, "HardwareRevision"), DataTypeId::String, "C");
        self.fixed(&at, (Di, "AssetId"), DataTypeId::String, format!("A-{:04}", 1000 + number).as_str());
        self.fixed(&at, (Di, "ComponentName"), DataTypeId::LocalizedText, text(name));
        self.fixed(&at, (Machinery, "YearOfConstruction"), DataTypeId::UInt16, 2024_u16);
        self.fixed(&at, (Machinery, "MonthOfConstruction"), DataTypeId::Byte, 5_u8);
        self.fixed(&at, (Machinery, "InitialOperationDate"), DataTypeId::DateTime, DateTime::ymd(2024, 7, 1));
        self.fixed(&at, (Machinery, "Location"), DataTypeId::String, "Hall 3, line 4");
        let software = self.object(&at, (MachineTool, "SoftwareIdentification"), types::BASE_OBJECT);
        let control = self.object(&software, (Machine, "Control"), types::SOFTWARE);
        self.fixed(&control, (MachineTool, "Identifier"), DataTypeId::String, "NC kernel");
        self.fixed(&control, (Di, "SoftwareRevision"), DataTypeId::String, "4.2.1");
    }

    /// Gives back the machine's feed override.
    fn monitoring(&mut self, root: &Place) -> NodeId {
        let monitoring = self.object(root, (MachineTool, "Monitoring"), types::MONITORING);
        let machine = self.object(&monitoring, (MachineTool, "MachineTool"), types::MACHINE_OPERATION);
        self.enumeration(&machine, (MachineTool, "OperationMode"), data_types::OPERATION_MODE, Field::OperationMode);
        let range = (0.0, FEED_OVERRIDE_MAX);
        let set = self.analog(&machine, (MachineTool, "FeedOverride"), PERCENT, range, Field::FeedOverride);
        self.space.let_write(&set);
        self.number(&machine, (MachineTool, "PowerOnDuration"), DataTypeId::UInt32, Field::PowerOnHours);
        self.building_blocks(root);

        let channel = self.object(&monitoring, (Machine, "Channel 1"), types::CHANNEL);
        self.fixed(&channel, (MachineTool, "Name"), DataTypeId::String, "Channel 1");
        self.enumeration(&channel, (MachineTool, "ChannelState"), data_types::CHANNEL_STATE, Field::ChannelState);
        self.enumeration(&channel, (MachineTool, "ChannelMode"), data_types::CHANNEL_MODE, Field::ChannelMode);
        self.analog(&channel, (MachineTool, "FeedOverride"), PERCENT, range, Field::ChannelFeedOverride);
        self.analog(&channel, (MachineTool, "RapidOverride"), PERCENT, (0.0, 100.0), Field::RapidOverride);
        let modifiers = self.object(&channel, (MachineTool, "ChannelModifiers"), types::CHANNEL_MODIFIERS);
        for name in ["BlockSkip", "DryRun", "OptionalStop", "SingleStep"] {
            let (kind, boolean) = (types::BASE_DATA_VARIABLE, DataTypeId::Boolean.into());
            self.space.variable(&modifiers, Link::Component, (MachineTool, name), kind, boolean, false.into());
        }

        let spindle = self.object(&monitoring, (Machine, "Spindle 1"), types::SPINDLE);
        self.fixed(&spindle, (MachineTool, "Name"), DataTypeId::String, "Spindle 1");
        self.number(&spindle, (MachineTool, "IsRotating"), DataTypeId::Boolean, Field::SpindleRotating);
        let (kind, boolean) = (types::BASE_DATA_VARIABLE, DataTypeId::Boolean.into());
        self.space.variable(&spindle, Link::Component, (MachineTool, "IsUsedAsAxis"), kind, boolean, false.into());
        self.analog(&spindle, (MachineTool, "Override"), PERCENT, (50.0, 120.0), Field::SpindleOverride);
        self.stacklight(&monitoring);
        set.id
    }

    fn stacklight(&mut self, monitoring: &Place) {
        // Segmented; colours 1 red, 4 yellow, 2 green; modes 1 blinking, 0 continuous.
        const LIGHTS: [(&str, i32, i32, Field); 3] = [
            ("Light 0", 1, 1, Field::LightRed),
            ("Light 1", 4, 0, Field::LightYellow),
            ("Light 2", 2, 0, Field::LightGreen),
        ];
        let stacklight = self.object(monitoring, (MachineTool, "Stacklight"), types::STACKLIGHT);
        let mode = self.space.id(data_types::STACKLIGHT_MODE);
        self.space.property(&stacklight, (Ia, "StacklightMode"), mode, 0_i32.into());
        for ((name, color, mode, field), number) in LIGHTS.into_iter().zip(0_u32..) {
            let light = self.space.object(&stacklight, Link::Ordered, (Machine, name), types::STACK_LIGHT);
            self.fixed(&light, (Ua, "NumberInList"), DataTypeId::UInt32, number);
            for (name, data_type, value) in
                [("SignalColor", data_types::SIGNAL_COLOR, color), ("SignalMode", data_types::SIGNAL_MODE, mode)]
            {
                let (kind, data_type) = (types::BASE_DATA_VARIABLE, self.space.id(data_type));
                self.space.variable(&light, Link::Component, (Ia, name), kind, data_type, value.into());
            }
            self.shows(&light, Link::Property, (Ia, "SignalOn"), DataTypeId::Boolean.into(), field);
        }
    }

    fn building_blocks(&mut self, root: &Place) {
        let blocks = self.object(root, (Machinery, "MachineryBuildingBlocks"), types::FOLDER);
        self.state_machine(
            &blocks,
            Link::AddIn,
            (Machinery, "MachineryItemState"),
            types::ITEM_STATE,
            Field::ItemState,
        );
        let mode = (Machinery, "MachineryOperationMode");
        self.state_machine(&blocks, Link::AddIn, mode, types::MACHINE_MODE, Field::ItemMode);
        let counters = self.space.object(&blocks, Link::AddIn, (Di, "OperationCounters"), types::OPERATION_COUNTER);
        let property = Link::Property;
        for (name, data_type, field) in [
            ("PowerOnDuration", DataTypeId::Duration, Field::PowerOnDuration),
            ("OperationDuration", DataTypeId::Duration, Field::OperationDuration),
            ("OperationCycleCounter", DataTypeId::UInt32, Field::OperationCycles),
        ] {
            self.shows(&counters, property, (Di, name), data_type.into(), field);
        }
        let (name, data_type) = ((MachineTool, "PartsProducedInLifetime"), DataTypeId::UInt64.into());
        let kind = types::BASE_DATA_VARIABLE;
        self.part(&counters, Link::Component, name, kind, data_type, Field::PartsLifetime, Part::AsUInt64);
    }

    fn production(&mut self, root: &Place) {
        let production = self.object(root, (MachineTool, "Production"), types::PRODUCTION);
        let active = self.object(&production, (MachineTool, "ActiveProgram"), types::ACTIVE_PROGRAM);
        self.shows(&active, Link::Property, (MachineTool, "Name"), DataTypeId::String.into(), Field::ProgramName);
        self.fixed(&active, (Ua, "NumberInList"), DataTypeId::UInt16, 0_u16);
        self.number(&active, (MachineTool, "JobIdentifier"), DataTypeId::String, Field::ProgramOrder);
        let state = (MachineTool, "State");
        self.state_machine(&active, Link::Component, state, types::PROGRAM_STATE, Field::ProgramState);
        let statistics = self.object(&production, (MachineTool, "Statistics"), types::STATISTICS);
        let parts = (MachineTool, "PartsProducedInLifetime");
        self.number(&statistics, parts, DataTypeId::UInt32, Field::PartsLifetime);

        let plan = self.object(&production, (MachineTool, "ProductionPlan"), types::JOB_LIST);
        for job in 0..JOBS {
            let at = self.space.object(&plan, Link::Ordered, (Machine, &format!("Job {}", job + 1)), types::JOB);
            self.shows(
                &at,
                Link::Property,
                (MachineTool, "Identifier"),
                DataTypeId::String.into(),
                Field::JobOrder(job),
            );
            self.fixed(&at, (Ua, "NumberInList"), DataTypeId::UInt16, job as u16);
            let (kind, unsigned) = (types::BASE_DATA_VARIABLE, NodeId::from(DataTypeId::UInt32));
            let planned = (MachineTool, "RunsPlanned");
            let runs = self.space.variable(&at, Link::Component, planned, kind, unsigned, RUNS_PLANNED.into());
            self.fixed(&runs, (MachineTool, "IsValid"), DataTypeId::Boolean, true);
            self.number(&at, (MachineTool, "RunsCompleted"), DataTypeId::UInt32, Field::JobRuns(job));
            self.number(&at, (MachineTool, "PartsCompleted"), DataTypeId::UInt32, Field::JobParts(job));
            self.number(&at, (MachineTool, "PartsGood"), DataTypeId::UInt32, Field::JobGood(job));
            self.state_machine(&at, Link::Component, state, types::JOB_STATE, Field::JobState(job));
            let programs = self.object(&at, (MachineTool, "ProductionPrograms"), types::ORDERED_LIST);
            let program = self.space.object(&programs, Link::Ordered, (Machine, "Program 1"), types::PROGRAM);
            let name = (MachineTool, "Name");
            self.shows(&program, Link::Property, name, DataTypeId::String.into(), Field::JobProgram(job));
            self.fixed(&program, (Ua, "NumberInList"), DataTypeId::UInt16, 0_u16);
            let field = Field::JobProgramState(job);
            self.state_machine(&program, Link::Component, state, types::PROGRAM_STATE, field);
        }
    }

    fn equipment(&mut self, root: &Place) {
        let equipment = self.object(root, (MachineTool, "Equipment"), types::EQUIPMENT);
        let tools = self.object(&equipment, (MachineTool, "Tools"), types::TOOL_LIST);
        for (tool, (identifier, place)) in TOOLS.into_iter().enumerate() {
            let at = self.object(&tools, (Machine, &format!("Tool {identifier}")), types::TOOL);
            let (kind, unsigned) = (types::BASE_DATA_VARIABLE, NodeId::from(DataTypeId::UInt32));
            let name = (MachineTool, "ControlIdentifier1");
            self.space.variable(&at, Link::Component, name, kind, unsigned, identifier.into());
            // 0: the number is the tool's own.
            let name = (MachineTool, "ControlIdentifierInterpretation");
            let management = self.space.id(data_types::TOOL_MANAGEMENT);
            self.space.variable(&at, Link::Component, name, kind, management, 0_i32.into());
            let locked = self.number(&at, (MachineTool, "Locked"), DataTypeId::Boolean, Field::ToolLocked(tool));
            let reason = self.space.id(data_types::TOOL_LOCKED);
            let name = (MachineTool, "ReasonForLocking");
            self.shows(&locked, Link::Property, name, reason, Field::ToolLockReason(tool));
            let last_usage = (MachineTool, "LastUsage");
            self.number(&at, last_usage, DataTypeId::UtcTime, Field::ToolLastUsage(tool));
            let location = self.object(&at, (MachineTool, "Location"), types::BASE_OBJECT);
            self.fixed(&location, (MachineTool, "Name"), DataTypeId::String, "Magazine 1");
            self.fixed(&location, (MachineTool, "PlaceNumber"), DataTypeId::UInt16, place);
            let life = self.object(&at, (MachineTool, "ToolLife"), types::BASE_OBJECT);
            self.tool_life(&life, tool);
        }
    }

    fn tool_life(&mut self, life: &Place, tool: usize) {
        let (name, double) = ((Machine, "Time in cut"), DataTypeId::Double.into());
        let field = Field::ToolLife(tool);
        let entry = self.part(life, Link::Component, name, types::TOOL_LIFE, double, field, Part::Whole);
        self.space.units(&entry, MachineTool, MINUTES);
        let indication = self.space.id(data_types::TOOL_LIFE_INDICATION);
        self.space.property(&entry, (MachineTool, "Indication"), indication, 0_i32.into());
        self.fixed(&entry, (MachineTool, "IsCountingUp"), DataTypeId::Boolean, true);
        self.fixed(&entry, (MachineTool, "LimitValue"), DataTypeId::Double, 120.0);
    }

    fn notification(&mut self, root: &Place) {
        let notification = self.object(root, (MachineTool, "Notification"), types::NOTIFICATION);
        self.object(&notification, (MachineTool, "Messages"), types::MESSAGES);
        self.object(&notification, (MachineTool, "Prognoses"), types::PROGNOSIS_LIST);
    }

    /// What OPC 40501-1 leaves out and everybody asks for first: speeds, power and positions, as the builder's own nodes.
    fn process(&mut self, root: &Place) {
        let process = self.object(root, (Machine, "Process"), types::FOLDER);
        self.analog(&process, (Machine, "ActualFeedRate"), FEED, (0.0, 20_000.0), Field::ActualFeed);
        self.analog(&process, (Machine, "ActualSpindleSpeed"), SPEED, (0.0, 18_000.0), Field::ActualSpeed);
        self.analog(&process, (Machine, "SpindlePower"), KILOWATT, (0.0, 25.0), Field::SpindlePower);
        for (axis, name) in ["PositionX", "PositionY", "PositionZ"].into_iter().enumerate() {
            self.analog(&process, (Machine, name), MILLIMETRE, (-500.0, 500.0), Field::Axis(axis));
        }
        self.number(&process, (Machine, "ToolInSpindle"), DataTypeId::UInt32, Field::ToolInSpindle);
    }
}

impl Part {
    /// This part of a field's value; `started`: ticks at the machine's time zero.
    pub(super) fn of(self, value: Value, started: i64) -> Variant {
        match (self, value) {
            (Self::StateId(namespace), Value::State(state)) => NodeId::new(namespace, state.node).into(),
            (Self::StateNumber, Value::State(state)) => state.number.into(),
            (_, Value::State(state)) => LocalizedText::new("en", state.name).into(),
            (Self::AsUInt64, Value::UInt32(value)) => u64::from(value).into(),
            (_, Value::Bool(value)) => value.into(),
            (_, Value::Int32(value)) => value.into(),
            (_, Value::UInt32(value)) => value.into(),
            (_, Value::Double(value)) => value.into(),
            (_, Value::Text(value)) => UAString::from(value).into(),
            (_, Value::Since(seconds)) => {
                let ticks = i64::try_from(seconds).unwrap_or(0).saturating_mul(10_000_000);
                DateTime::from(started.saturating_add(ticks)).into()
            }
        }
    }
}

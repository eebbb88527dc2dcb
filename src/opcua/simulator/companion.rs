//! The companion specifications a machine tool speaks: namespaces, types and enumerations, by their published numbers.
//!
//! Facts from the published information models of DI, IA, Machinery and MachineTool 1.02; the types carry no instance
//! declarations of their own.

use super::space::{Space, TypeNode};

/// A namespace of the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Namespace {
    /// `http://opcfoundation.org/UA/`
    Ua,
    Di,
    Machinery,
    MachineTool,
    Ia,
    /// The builder's own: machines, and what no companion specification has.
    Machine,
}

/// A namespace with its model.
pub(super) struct Model {
    pub(super) namespace: Namespace,
    pub(super) uri: &'static str,
    pub(super) version: &'static str,
    /// Year, month, day.
    pub(super) published: (u16, u16, u16),
}

/// Namespaces in the order of the server's array.
pub(super) const MODELS: [Model; 5] = [
    Model {
        namespace: Namespace::Di,
        uri: "http://opcfoundation.org/UA/DI/",
        version: "1.04.0",
        published: (2022, 11, 3),
    },
    Model {
        namespace: Namespace::Machinery,
        uri: "http://opcfoundation.org/UA/Machinery/",
        version: "1.03.0",
        published: (2023, 8, 1),
    },
    Model {
        namespace: Namespace::MachineTool,
        uri: "http://opcfoundation.org/UA/MachineTool/",
        version: "1.02.0",
        published: (2024, 11, 1),
    },
    Model {
        namespace: Namespace::Ia,
        uri: "http://opcfoundation.org/UA/IA/",
        version: "1.01.2",
        published: (2024, 2, 28),
    },
    Model { namespace: Namespace::Machine, uri: super::MACHINE_NAMESPACE, version: "1.0.0", published: (2026, 11, 1) },
];

/// A node of a companion specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known(pub(super) Namespace, pub(super) u32);

pub(super) mod types {
    use super::Known;
    use super::Namespace::{Di, Ia, MachineTool, Machinery, Ua};

    pub const BASE_OBJECT: Known = Known(Ua, 58);
    pub const FOLDER: Known = Known(Ua, 61);
    pub const BASE_DATA_VARIABLE: Known = Known(Ua, 63);
    pub const PROPERTY: Known = Known(Ua, 68);
    pub const STATE: Known = Known(Ua, 2307);
    pub const INITIAL_STATE: Known = Known(Ua, 2309);
    pub const FINITE_STATE_MACHINE: Known = Known(Ua, 2771);
    pub const FINITE_STATE_VARIABLE: Known = Known(Ua, 2760);
    pub const ANALOG_UNIT_RANGE: Known = Known(Ua, 17570);
    pub const ORDERED_LIST: Known = Known(Ua, 23518);

    pub const FUNCTIONAL_GROUP: Known = Known(Di, 1005);

    pub const MACHINES: Known = Known(Machinery, 1001);
    pub const ITEM_STATE: Known = Known(Machinery, 1002);
    pub const ITEM_IDENTIFICATION: Known = Known(Machinery, 1004);
    pub const ITEM_MODE: Known = Known(Machinery, 1008);
    pub const OPERATION_COUNTER: Known = Known(Machinery, 1009);
    pub const MACHINE_IDENTIFICATION: Known = Known(Machinery, 1012);

    pub const PROGNOSIS_LIST: Known = Known(MachineTool, 2);
    pub const NOTIFICATION: Known = Known(MachineTool, 7);
    pub const IDENTIFICATION: Known = Known(MachineTool, 11);
    pub const EQUIPMENT: Known = Known(MachineTool, 12);
    pub const MACHINE_TOOL: Known = Known(MachineTool, 13);
    pub const MONITORING: Known = Known(MachineTool, 14);
    pub const PROGRAM_STATE: Known = Known(MachineTool, 15);
    pub const CHANNEL: Known = Known(MachineTool, 16);
    pub const STATISTICS: Known = Known(MachineTool, 20);
    pub const PRODUCTION: Known = Known(MachineTool, 21);
    pub const SPINDLE: Known = Known(MachineTool, 22);
    pub const ELEMENT: Known = Known(MachineTool, 23);
    pub const PRODUCTION_STATE: Known = Known(MachineTool, 24);
    pub const MACHINE_OPERATION: Known = Known(MachineTool, 26);
    pub const JOB_STATE: Known = Known(MachineTool, 28);
    pub const JOB: Known = Known(MachineTool, 29);
    pub const JOB_LIST: Known = Known(MachineTool, 30);
    pub const ACTIVE_PROGRAM: Known = Known(MachineTool, 32);
    pub const CHANNEL_MODIFIERS: Known = Known(MachineTool, 33);
    pub const LASER: Known = Known(MachineTool, 36);
    pub const MESSAGES: Known = Known(MachineTool, 38);
    pub const WORKING_UNIT: Known = Known(MachineTool, 41);
    pub const EDM_GENERATOR: Known = Known(MachineTool, 42);
    pub const SOFTWARE: Known = Known(MachineTool, 43);
    pub const TOOL_LIST: Known = Known(MachineTool, 44);
    pub const COMBINED_CHANNEL: Known = Known(MachineTool, 46);
    pub const BASE_TOOL: Known = Known(MachineTool, 49);
    pub const TOOL: Known = Known(MachineTool, 50);
    pub const MULTI_TOOL: Known = Known(MachineTool, 51);
    pub const PROGRAM: Known = Known(MachineTool, 59);
    pub const TOOL_LIFE: Known = Known(MachineTool, 61);
    pub const MACHINE_MODE: Known = Known(MachineTool, 1003);

    pub const STACKLIGHT: Known = Known(Ia, 1002);
    pub const STACK_ELEMENT: Known = Known(Ia, 1005);
    pub const STACK_LIGHT: Known = Known(Ia, 1006);
}

pub(super) mod data_types {
    use super::Known;
    use super::Namespace::{Ia, MachineTool};

    pub const CHANNEL_STATE: Known = Known(MachineTool, 64);
    pub const OPERATION_MODE: Known = Known(MachineTool, 65);
    pub const TOOL_LOCKED: Known = Known(MachineTool, 66);
    pub const CHANNEL_MODE: Known = Known(MachineTool, 67);
    pub const TOOL_LIFE_INDICATION: Known = Known(MachineTool, 68);
    pub const TOOL_MANAGEMENT: Known = Known(MachineTool, 69);
    pub const STACKLIGHT_MODE: Known = Known(Ia, 3002);
    pub const SIGNAL_COLOR: Known = Known(Ia, 3004);
    pub const SIGNAL_MODE: Known = Known(Ia, 3005);
}

/// Types, each after its supertype: itself, supertype, name, whether it is abstract.
const TYPES: [(Known, Known, &str, bool); 40] = {
    use types::*;
    [
        (FUNCTIONAL_GROUP, FOLDER, "FunctionalGroupType", false),
        (ITEM_STATE, FINITE_STATE_MACHINE, "MachineryItemState_StateMachineType", false),
        (ITEM_IDENTIFICATION, FUNCTIONAL_GROUP, "MachineryItemIdentificationType", true),
        (ITEM_MODE, FINITE_STATE_MACHINE, "MachineryOperationModeStateMachineType", false),
        (OPERATION_COUNTER, FUNCTIONAL_GROUP, "MachineryOperationCounterType", false),
        (MACHINE_IDENTIFICATION, ITEM_IDENTIFICATION, "MachineIdentificationType", false),
        (PROGNOSIS_LIST, BASE_OBJECT, "PrognosisListType", false),
        (NOTIFICATION, BASE_OBJECT, "NotificationType", false),
        (IDENTIFICATION, MACHINE_IDENTIFICATION, "MachineToolIdentificationType", false),
        (EQUIPMENT, BASE_OBJECT, "EquipmentType", false),
        (MACHINE_TOOL, BASE_OBJECT, "MachineToolType", false),
        (MONITORING, BASE_OBJECT, "MonitoringType", false),
        (PRODUCTION_STATE, FINITE_STATE_MACHINE, "ProductionStateMachineType", false),
        (PROGRAM_STATE, PRODUCTION_STATE, "ProductionProgramStateMachineType", false),
        (JOB_STATE, PRODUCTION_STATE, "ProductionJobStateMachineType", false),
        (ELEMENT, BASE_OBJECT, "ElementMonitoringType", true),
        (WORKING_UNIT, ELEMENT, "WorkingUnitMonitoringType", true),
        (CHANNEL, ELEMENT, "ChannelMonitoringType", false),
        (COMBINED_CHANNEL, CHANNEL, "CombinedChannelMonitoringType", false),
        (SPINDLE, WORKING_UNIT, "SpindleMonitoringType", false),
        (LASER, WORKING_UNIT, "LaserMonitoringType", false),
        (EDM_GENERATOR, WORKING_UNIT, "EDMGeneratorMonitoringType", false),
        (STATISTICS, BASE_OBJECT, "ProductionStatisticsType", false),
        (PRODUCTION, BASE_OBJECT, "ProductionType", false),
        (MACHINE_OPERATION, BASE_OBJECT, "MachineOperationMonitoringType", false),
        (JOB, BASE_OBJECT, "ProductionJobType", false),
        (JOB_LIST, ORDERED_LIST, "ProductionJobListType", false),
        (PROGRAM, BASE_OBJECT, "ProductionProgramType", false),
        (ACTIVE_PROGRAM, PROGRAM, "ProductionActiveProgramType", false),
        (CHANNEL_MODIFIERS, BASE_OBJECT, "ChannelModifierType", false),
        (MESSAGES, BASE_OBJECT, "MessagesType", false),
        (SOFTWARE, BASE_OBJECT, "SoftwareIdentificationType", false),
        (TOOL_LIST, BASE_OBJECT, "ToolListType", false),
        (BASE_TOOL, BASE_OBJECT, "BaseToolType", true),
        (TOOL, BASE_TOOL, "ToolType", false),
        (MULTI_TOOL, BASE_TOOL, "MultiToolType", false),
        (MACHINE_MODE, ITEM_MODE, "MachineOperationModeStateMachineType", false),
        (STACKLIGHT, ORDERED_LIST, "BasicStacklightType", false),
        (STACK_ELEMENT, BASE_OBJECT, "StackElementType", true),
        (STACK_LIGHT, STACK_ELEMENT, "StackElementLightType", false),
    ]
};

/// Enumerations: data type, its `EnumValues` property, name, names by number from 0.
const ENUMERATIONS: [(Known, u32, &str, &[&str]); 9] = [
    (data_types::CHANNEL_STATE, 266, "ChannelState", &["Active", "Interrupted", "Reset"]),
    (
        data_types::OPERATION_MODE,
        320,
        "MachineOperationMode",
        &["Manual", "Automatic", "Setup", "AutoWithManualIntervention", "Service", "Other"],
    ),
    (
        data_types::TOOL_LOCKED,
        309,
        "ToolLocked",
        &["CapabilityUnavailable", "ByOperator", "ToolBreak", "ToolLife", "MeasurementError", "Other"],
    ),
    (
        data_types::CHANNEL_MODE,
        288,
        "ChannelMode",
        &["Automatic", "MdaMdi", "JogManual", "JogIncrement", "TeachingHandle", "Remote", "Reference", "Other"],
    ),
    (
        data_types::TOOL_LIFE_INDICATION,
        295,
        "ToolLifeIndication",
        &[
            "Time",
            "NumberOfParts",
            "NumberOfUsages",
            "Feed_Distance",
            "Cutting_Distance",
            "Length",
            "Diameter",
            "Other",
        ],
    ),
    (data_types::TOOL_MANAGEMENT, 268, "ToolManagement", &["NumberBased", "GroupBased", "Other"]),
    (
        data_types::STACKLIGHT_MODE,
        6006,
        "StacklightOperationMode",
        &["Segmented", "Levelmeter", "Running_Light", "Other"],
    ),
    (
        data_types::SIGNAL_COLOR,
        6007,
        "SignalColor",
        &["Off", "Red", "Green", "Blue", "Yellow", "Purple", "Cyan", "White"],
    ),
    (data_types::SIGNAL_MODE, 6008, "SignalModeLight", &["Continuous", "Blinking", "Flashing", "Other"]),
];

/// States below their state machine's type: type, namespace of the browse name, (name, node, `StateNumber` node, number).
type States = (Known, Namespace, &'static [(&'static str, u32, u32, u32)]);
const STATES: [States; 5] = [
    (
        types::PROGRAM_STATE,
        Namespace::MachineTool,
        &[
            ("Initializing", 5039, 6060, 0),
            ("Running", 5041, 6062, 1),
            ("Ended", 5038, 6059, 2),
            ("Interrupted", 5040, 6061, 3),
            ("Aborted", 5037, 6058, 4),
        ],
    ),
    (
        types::JOB_STATE,
        Namespace::MachineTool,
        &[
            ("Initializing", 5015, 6050, 0),
            ("Running", 5017, 6052, 1),
            ("Ended", 5014, 6049, 2),
            ("Interrupted", 5016, 6051, 3),
            ("Aborted", 5013, 6048, 4),
        ],
    ),
    (
        types::ITEM_STATE,
        Namespace::Machinery,
        &[
            ("NotAvailable", 5005, 6039, 0),
            ("OutOfService", 5004, 6038, 1),
            ("NotExecuting", 5007, 6041, 2),
            ("Executing", 5006, 6040, 3),
        ],
    ),
    (
        types::ITEM_MODE,
        Namespace::Machinery,
        &[
            ("None", 5024, 6059, 0),
            ("Maintenance", 5025, 6060, 1),
            ("Setup", 5027, 6062, 2),
            ("Processing", 5026, 6061, 3),
        ],
    ),
    (
        types::MACHINE_MODE,
        Namespace::Machinery,
        &[
            ("None", 5059, 6081, 0),
            ("Maintenance", 5058, 6080, 1),
            ("Setup", 5061, 6083, 2),
            ("Processing", 5060, 6082, 3),
        ],
    ),
];

/// Writes the types, enumerations and the `Machines` folder.
pub(super) fn write(space: &mut Space<'_>) {
    for (node, supertype, name, is_abstract) in TYPES {
        space.object_type(&TypeNode { node, supertype, name, is_abstract });
    }
    space.variable_type(&TypeNode {
        node: types::TOOL_LIFE,
        supertype: types::BASE_DATA_VARIABLE,
        name: "ToolLifeType",
        is_abstract: false,
    });
    for (node, values, name, names) in ENUMERATIONS {
        space.enumeration(node, values, name, names);
    }
    for (machine, namespace, states) in STATES {
        for &(name, node, number_node, number) in states {
            space.state(machine, Known(machine.0, node), (namespace, name), Known(machine.0, number_node), number);
        }
    }
    space.machines_folder();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_comes_after_its_supertype() {
        let mut known = Vec::new();
        for (node, supertype, name, _) in TYPES {
            assert!(supertype.0 == Namespace::Ua || known.contains(&supertype), "{name}");
            known.push(node);
        }
    }
}

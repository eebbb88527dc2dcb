// A machine, Objects/Tank, with an exclusive level alarm on its level: high above 70, high-high above 90. It is active
// from the beginning. `level VALUE` changes it, `acknowledge` acknowledges what is active, `acknowledge-branches` what was
// active and nobody saw, `burst N` fires N plain events at once, `system TYPE` one by which a server tells of its events; each says what it did. With `--alert` it is a machine
// tool that has an alert, too: `alert CODE TEXT` and `alert-over`.
import { nodesets, opcua, serve, server } from "./node_opcua.mjs";

const { DataType, StatusCodes, Variant } = opcua;
const hasAlert = process.argv.includes("--alert");
const files = hasAlert ? ["standard", "di", "ia", "isa95JobControl", "machinery", "machineryJobs", "machineTool"] : ["standard"];
const made = await server({ nodeset_filename: files.map((name) => nodesets[name]) });
const space = made.engine.addressSpace;
space.installAlarmsAndConditionsService();
const own = space.getOwnNamespace();
const tank = own.addObject({
  browseName: "Tank", nodeId: "s=tank", organizedBy: space.rootFolder.objects, eventNotifier: 1, notifierOf: space.rootFolder.objects.server,
});
const level = own.addVariable({ browseName: "Level", nodeId: "s=level", componentOf: tank, eventSourceOf: tank, dataType: "Double" });
function set(value) {
  level.setValueFromSource(new Variant({ dataType: DataType.Double, value }), StatusCodes.Good, new Date());
}
set(50);
const alarm = own.instantiateExclusiveLimitAlarm("ExclusiveLimitAlarmType", {
  browseName: "LevelAlarm", conditionName: "LevelAlarm", conditionSource: level, inputNode: level, highHighLimit: 90, highLimit: 70, lowLimit: 10, lowLowLimit: 5,
});
alarm.currentBranch().setComment("nobody looked");
set(75);
const condition = alarm.nodeId;
let alert = null;
if (hasAlert) {
  const machineTool = space.getNamespaceIndex("http://opcfoundation.org/UA/MachineTool/");
  alert = own.instantiateAlarmCondition(space.findEventType("AlertType", machineTool), {
    browseName: "Alert", conditionName: "Alert", componentOf: tank, conditionSource: level, inputNode: level,
  });
}
await serve(made, {
  alert(code, text) {
    alert.getChildByName("ErrorCode").setValueFromSource(new Variant({ dataType: DataType.String, value: code }));
    alert.activateAlarm();
    alert.raiseNewCondition({ message: text, severity: 700, retain: true });
    return { code };
  },
  "alert-over"() {
    alert.deactivateAlarm();
    alert.raiseNewCondition({ message: "over", severity: 700, retain: false });
    return {};
  },
  level(value) {
    set(Number(value));
    return { value: Number(value) };
  },
  acknowledge() {
    alarm.acknowledgeAndAutoConfirmBranch(alarm.currentBranch(), "seen");
    return { id: alarm.currentBranch().getEventId().toString("base64") };
  },
  "acknowledge-branches"() {
    const branches = alarm.getBranches();
    branches.forEach((branch) => alarm.acknowledgeAndAutoConfirmBranch(branch, "seen"));
    return { count: branches.length };
  },
  burst(count) {
    for (let number = 0; number < Number(count); number += 1) {
      tank.raiseEvent("BaseEventType", {
        message: { dataType: DataType.LocalizedText, value: { text: `burst ${number}` } },
        severity: { dataType: DataType.UInt16, value: 100 },
      });
    }
    return { count: Number(count) };
  },
  system(type) {
    tank.raiseEvent(type, { message: { dataType: DataType.LocalizedText, value: { text: type } }, severity: { dataType: DataType.UInt16, value: 1 } });
    return { type };
  },
}, { condition: `s=${condition.value}`, is_numeric: typeof condition.value === "number", value: condition.value });

// Made by `redstick types` from the structs of the interface. Do not edit: change those, and make it again.

/** Say that the caller hung up before an answer. */
export interface AbandonCall {
  call: string;
}

/** What its key is the key of. */
export type About = "person" | "place" | "vehicle";

/** Say by name that it is known. */
export interface AcknowledgeCoverage {
  group: string;
  by: string;
}

/** Say by name that it was heard. */
export interface AcknowledgeEmergency {
  unit: string;
  by: string;
}

/** Say that one has seen it. */
export interface AcknowledgeNotice {
  notice: string;
  person: string;
}

/** Say by name that it is seen. */
export interface AcknowledgeOverdue {
  incident: string;
  about: string;
  by: string;
}

/** Say by name that one sees to it. */
export interface AcknowledgeWarning {
  warning: string;
  by: string;
}

/** What a rule does with what it fits. */
export type Action = "deny" | "emergency" | "outside";

/** Activate what all nodes know. Afterwards no node can go back to a release that does not. */
export interface ActivateKinds {
}

/** Let a version count from now on. */
export interface ActivatePlan {
  plan: string;
  by: string;
  reason?: string;
}

/** Let a version count from now on although nobody has seen a replay of it: by a supervisor, with a reason. */
export interface ActivatePlanUnseen {
  plan: string;
  by: string;
  reason: string;
}

/** From `at` on a version was the one that counts; `unseen` when nobody had looked at a replay of it. */
export interface Activation {
  version: string;
  at: number;
  by: string;
  reason?: string;
  unseen?: boolean;
}

/** Let a phone register for an extension. The interface makes its password, and shows it once. */
export interface AddDevice {
  device: Device;
}

/** Keep another location of a call, beside those that are known. */
export interface AddLocation {
  call: string;
  place: Place;
  type?: LocationType;
  by_machine?: boolean;
}

/** Record that more is needed. */
export interface AddNeeds {
  incident: string;
  requirements: Requirement[];
  plan?: string;
  rule?: string;
}

/** Add a line to the narrative. */
export interface AddNote {
  incident: string;
  text: string;
}

/** Adopt a code table. */
export interface AdoptCodes {
  table: CodeTable;
  by: string;
  common_types?: string[];
  common_dispositions?: string[];
  words?: string[];
  endings?: string[];
}

/** Say where the city's places may lie: as far as its aid reaches, without its water. */
export interface AdoptExtent {
  extent: Extent;
  by: string;
}

/** Route by a proposed plan; the linter looks at it once more, as things are now. */
export interface AdoptPlan {
  version: string;
}

/** Put a compiled policy into force. */
export interface AdoptPolicy {
  policy: Policy;
}

/** Adopt a table of status words. `used` is the agency's own list of words, each of which must be mapped. */
export interface AdoptStatusWords {
  words: Record<string, Status>;
  used: string[];
  confirmed_by: string;
  kind?: string;
}

/** How many lie within a threshold of an edition; `met` and `share` (0 to 1) are None where there is no value. */
export interface AgainstStandard {
  id: string;
  name: string;
  edition: string;
  scope: string;
  percent: number;
  within_s: number;
  n_within: number;
  share: number | null;
  met: boolean | null;
}

/** What a bill asks, in cents: each month; taxes and fees; credits (negative); once or by use; for a disconnect. */
export interface Amounts {
  recurring?: number;
  taxes?: number;
  credits?: number;
  once?: number;
  released?: number;
}

/** What became of an offer. No answer is a refusal that says so. */
export type Answer = "accepted" | "no_answer" | "refused" | "withdrawn";

/** Claim a ringing call for a seat, or one whose seat is gone. */
export interface AnswerCall {
  call: string;
  seat: string;
}

/** Say that a leg was answered. */
export interface AnswerLeg {
  leg: string;
  codec?: string;
}

/** Say who answered, through which hunt group; or which trunk took it. */
export interface AnswerPhoneCall {
  call: string;
  by: string;
  group?: string;
  trunk?: string;
}

/** A unit answers with the number of its people; `by` is who said so. */
export interface AnswerRoll {
  incident: string;
  unit: string;
  persons: number;
  by: string;
}

/** Say what the contractor said. */
export interface AnswerRotation {
  rotation: string;
  offer: string;
  answer: Answer;
  by: string;
  reason?: string;
}

/** One zone of one layer. */
export interface Area {
  layer: string;
  zone: string;
}

/** A leg as it came. */
export interface Arrival {
  line: CommsLineKind;
  target?: string;
  number?: string;
  name?: string;
  call_urn?: string;
  incident_urn?: string;
  minted?: string[];
  fixes?: Fix[];
  flags?: string[];
  source?: string;
  transport?: string;
  dialog?: string;
  message?: string;
  languages?: string[];
  claimed?: string | null;
  device?: string;
  trunk?: string;
}

/** Choose whether the PIN is asked at one's own phones too. */
export interface AskMyPin {
  person: string;
  number: string;
  always: boolean;
}

/** Have a newer record of a call asked for. */
export interface AskRebid {
  call: string;
  seat: string;
}

/** Ask a unit on a stop whether all is well. Between checks the timer asks this. */
export interface AskStatus {
  unit: string;
}

/** One command that Enter asks: its kind and its fields. */
export interface Asking {
  kind: string;
  fields: Record<string, unknown>;
}

/** Put something behind a number: an extension, a hunt group, an attendant, a paging group, a room, an orbit. */
export interface AssignNumber {
  number: string;
  what: Extension | HuntGroup | Attendant | PagingGroup | Room | Orbit;
  direct?: string[];
}

/** Give an incident a talkgroup: the one named, or the first free one for its call group. */
export interface AssignTalkgroup {
  incident: string;
  talkgroup?: string;
}

/** Send units to an incident. `despite` overrides that one is not free, and is kept with the assignment. */
export interface AssignUnits {
  incident: string;
  units: string[];
  alerted?: boolean;
  despite?: string;
  expected_s?: Record<string, number>;
  fills?: Record<string, string>;
}

/** Say which incident a call speaks of; moving it from another is said the same way. */
export interface AttachCall {
  call: string;
  incident: string;
}

/** How one try to call back ended. */
export type Attempt = "busy" | "no_answer" | "not_in_service" | "reached" | "voicemail";

/** Say how calling back ended. */
export interface AttemptCallback {
  number: string;
  seat: string;
  result: Attempt;
}

/** A menu by the hours: one while they are open and one while they are not. Without `hours` always the first. */
export interface Attendant {
  type: "attendant";
  name: string;
  open: Menu;
  closed?: Menu | null;
  hours?: string;
}

/** `n` values above the bar before it and not above `upto_s` seconds; the last has no upper end. */
export interface Bar {
  upto_s: number | null;
  n: number;
}

/** Enter: the line, the `plan` that was shown, and an `id` of the act's own, made by who asks. */
export interface BarEnter {
  text: string;
  seat: string;
  plan: string;
  id: string;
  selected?: string;
}

/** One thing that can be said. `about` is what its verb follows: line (nothing), incident or unit. */
export interface BarForm {
  name: string;
  about: string;
  verbs: string[];
  examples: string[];
  does: string;
  commands: string[];
}

/** Everything that can be said. */
export interface BarHelp {
  forms: BarForm[];
}

/** A line as it stands at a seat. `selected` is the key of the row that is selected there, as `incident/…`. */
export interface BarLine {
  text: string;
  seat: string;
  selected?: string;
}

/** What became of Enter. `outcome`: done, partly, refused, plan_changed (nothing was done; `reading` is new). */
export interface BarOutcome {
  outcome: string;
  done?: DoneCommand[];
  refused?: ReadingFault | null;
  not_done?: Asking[];
  reading?: BarReading | null;
}

/** A line as it was understood. Enter does `commands`, in order, to the `effect`, if it is sent back with `plan`. */
export interface BarReading {
  form: string;
  understood: Part[];
  readings: Choice[];
  effect: string[];
  plan: string;
  problems: ReadingFault[];
  candidates: Candidate[];
  commands: Asking[];
}

/** Take the seat's last act back; with a `plan`, only if it is still what was shown under it. */
export interface BarUndo {
  seat: string;
  id: string;
  plan?: string;
}

/** A rule that fits too, and the first thing by which it stands behind. */
export interface Beaten {
  rule: string;
  why: string;
}

/** Another incident at the same place, the newest first; `distance_m` None where only the words agree. */
export interface Before {
  incident: string;
  number: string;
  kind: string;
  priority: number;
  opened_at: number;
  closed_at: number | null;
  disposition: string;
  text: string;
  distance_m: number | null;
}

/** Say that somebody dialled. */
export interface BeginPhoneCall {
  call: string;
  caller: string;
  dialled: string;
  device?: string;
  leg?: string;
  shown?: string;
}

/** Sign a unit on with its vehicle and its people; `until` is when it should end. */
export interface BeginShift {
  shift: string;
  unit: string;
  vehicle: string;
  responders: string[];
  until?: number | null;
}

/** Say by name that a storm is on. */
export interface BeginStorm {
  queue: string;
  by: string;
  reason: string;
}

/** Hand a caller on: to another seat, to whom `attended` is a leg of ours, or blindly to a target. */
export interface BeginTransfer {
  leg: string;
  seat: string;
  to: string;
  model: TransferModel;
  attended?: string;
}

/** What a commander reports. The first nine are NERIS tactics; spellings of the EIDO statuses are literal. */
export type Benchmark = "CommandEnded" | "CommandEstablished" | "ExtricationCompleted" | "FireKnockedDown" | "FireUnderControl" | "PrimarySearchBegun" | "PrimarySearchCompleted" | "SizeUpCompleted" | "StructureCleared" | "SuppressionCompleted" | "WaterOnFire";

/** Say what stands in the way of a line; "" when nothing does any more. */
export interface BlockLine {
  line: string;
  reason: string;
}

/** Begin: the first policy and the first administrator, in one. The only command that needs nobody's leave. */
export interface Bootstrap {
  person: string;
  roles: string[];
  policy: Policy;
  services?: Record<string, string[]>;
}

/** Take a unit from the incident that it works on, with a reason; what it was there for is missing again. */
export interface BorrowUnit {
  incident: string;
  unit: string;
  taken_from: string;
  reason: string;
  alerted?: boolean;
  need?: string;
  expected_s?: number | null;
}

/** Take emergency access for oneself. */
export interface BreakGlass {
  person: string;
  reason: string;
}

/** An incident that went otherwise: who was sent, and seconds until the first was there; None where nobody came. */
export interface CallDiffers {
  incident: string;
  number: string;
  kind: string;
  priority: number;
  opened_at: number;
  today_units: string[];
  other_units: string[];
  today_s: number | null;
  other_s: number | null;
}

/** Call it off by name. */
export interface CancelBolo {
  bolo: string;
  by: string;
  reason: string;
}

/** Something that may be meant, or was found. `line` is the whole line if it is taken, "" where there is none. */
export interface Candidate {
  part: string;
  text: string;
  meaning: string;
  line?: string;
  key?: string;
}

/** What is known, from whom, and until when somebody must look at it again. */
export interface Caution {
  id: string;
  shape: Shape;
  about: About;
  hazard: string;
  text: string;
  source: string;
  author: string;
  effective_at: number;
  review_at: number;
  place?: Place;
  suite?: string;
  buffer_m?: number;
  key?: string;
  sensitive?: boolean;
}

/** The cells of one role, one action and one audience, under each of these purposes. */
export interface Cells {
  role: string;
  action: string;
  purposes: string[];
  audience?: string;
}

/** Change the urgency. */
export interface ChangePriority {
  incident: string;
  priority: number;
}

/** Say what holds beside a unit's status, and what holds no more, in codes of the standard. */
export interface ChangeSecondaries {
  unit: string;
  add?: string[];
  remove?: string[];
}

/** One percentile under both, in seconds; the difference lies within `low_s` and `high_s` with 95 % confidence. */
export interface Changed {
  interval: string;
  title: string;
  percent: number;
  today_s: number;
  other_s: number;
  difference_s: number;
  low_s: number;
  high_s: number;
  n_today: number;
  n_other: number;
  n_drawn: number;
  real: boolean;
}

/** By what text came. */
export type Channel = "message" | "msrp" | "t140";

/** What a statement asks for one line; `row` is the line of the document on which it begins. */
export interface Charge {
  circuit: string;
  amounts: Amounts;
  row: number;
  kind?: string;
  site?: string;
  purpose?: string;
  contract_end?: string;
  fee_cents?: number;
}

/** What the linter said of a version beside a city and a roster; `city` is the city folder's digest. */
export interface Check {
  at: number;
  city: string;
  units: number;
  errors: number;
  warnings: number;
  codes: string[];
}

/** Look whether a source was heard. The timer asks this; a gateway too, with `heard_at`, where no calls come. */
export interface CheckSource {
  source: string;
  heard_at?: number | null;
}

/** One of several readings: `line` is what to type so that only it is meant. */
export interface Choice {
  line: string;
  meaning: string;
}

/** Say which of its incidents a unit works on first. */
export interface ChoosePrimary {
  unit: string;
  incident: string;
}

/** The rule that answers one alarm level, in words, and those that it won over, the next best first. */
export interface Chosen {
  alarm: number;
  rule: string;
  why: string;
  beaten?: Beaten[];
}

/** Whether the city can be asked; `why` it cannot: no_city, starting, ended, too_slow, or what is wrong with it. */
export interface CityStanding {
  whole: boolean;
  why: string;
  name: string;
  digest: string;
  starts: number;
  process: number | null;
}

/** Say that this seat calls the number back now. */
export interface ClaimCallback {
  number: string;
  seat: string;
}

/** Say, by name and with a reason, that the danger is over. */
export interface ClearEmergency {
  unit: string;
  by: string;
  reason: string;
}

/** Close an exhausted callback, by name and with a reason. */
export interface CloseCallback {
  number: string;
  by: string;
  reason: string;
}

/** Close it with a disposition, or call it off with a reason. */
export interface CloseIncident {
  incident: string;
  disposition?: string;
  cancelled?: boolean;
  dispositions?: Record<string, string>;
  by_machine?: boolean;
}

/** Say by name that a caller who was cut off need not be called. */
export interface CloseLostCaller {
  leg: string;
  by: string;
  why: string;
}

/** Close segments, now or from `begins_at` on, until `ends_at` or until they are reopened. */
export interface CloseRoad {
  closure: string;
  segments: string[];
  reason: string;
  by: string;
  begins_at?: number | null;
  ends_at?: number | null;
  line?: number[];
}

/** Every word that a city uses. A word is read whatever its case and spacing. Empty: nothing is judged by it. */
export interface CodeTable {
  types?: TypeCode[];
  dispositions?: DispositionCode[];
}

/** Let the seats of `into` watch `group` as well. */
export interface CombineGroups {
  group: string;
  into: string;
  by: string;
  despite?: string;
}

/** A span from `begun` to `ended` lived twice. */
export interface Compared {
  position: number;
  begun: number;
  ended: number;
  incidents: number;
  left_out: number;
  tried: string[];
  timed_by: string;
  drives: number;
  drawn_over: string;
  recorded: Spread[];
  today: Spread[];
  other: Spread[];
  today_lived: Lives;
  other_lived: Lives;
  changes: Changed[];
  differing: CallDiffers[];
  n_quicker: number;
  n_slower: number;
  n_other_units: number;
}

/** Confirm one of the facts that a line of its kind must show before it moves. */
export interface ConfirmDemand {
  line: string;
  demand: string;
  evidence: string;
}

/** Say that the ring has let go of a key that was destroyed, or of one case's data key; and whom it spared. */
export interface ConfirmErasure {
  retention_class: string;
  period: string;
  case?: string;
  spared?: string[];
}

/** Say that a notice was handed over. */
export interface ConfirmNotice {
  notice: string;
  how: string;
}

/** All is well; `by` is who says so. */
export interface ConfirmStatus {
  unit: string;
  by: string;
}

/** Say when something really happened. */
export interface CorrectTime {
  incident: string;
  unit: string;
  stamp: string;
  true_at: number;
  reason: string;
}

/** What a cost is for. */
export type CostKind = "device" | "licence" | "once" | "service" | "trunk";

/** A group that nobody watches: why it was raised and when, who has acknowledged it, when supervisors were told. */
export interface CoverageAlarm {
  at: number;
  why: string;
  needs: string[];
  acknowledged_by?: string;
  acknowledged_at?: number | null;
  escalated_at?: number | null;
}

/** Who wants in. */
export interface Credentials {
  name: string;
  password: string;
}

/** Say how long a class of things is kept, or change it. */
export interface DeclareClass {
  declared: RetentionClass;
}

/** Say which kinds a node knows: on its first start, and whenever that has changed. */
export interface DeclareNode {
  node: string;
  kinds: Record<string, number>;
}

/** Leave it where it is. */
export interface DeclineMoveUp {
  unit: string;
  by: string;
  reason: string;
}

/** Let the next agent have it. */
export interface DeclineOffer {
  leg: string;
  seat: string;
}

/** Say what a group watches. A group that `supervises` is told of what nobody has acknowledged. */
export interface DefineGroup {
  group: string;
  agencies?: string[];
  areas?: Area[];
  supervises?: boolean;
}

/** Take a talkgroup out of the pool. */
export interface DelistTalkgroup {
  talkgroup: string;
}

/** Say what a line is; one that no bill shows is made. What is None stays as it is. */
export interface DescribeLine {
  provider: string;
  circuit: string;
  kind?: KindsLineKind | null;
  site?: string | null;
  purpose?: string | null;
  department?: string | null;
  contract_end?: string | null;
  fee_cents?: number | null;
}

/** Take back that a call speaks of its incident. */
export interface DetachCall {
  call: string;
}

/** A phone. Its id is also the user it registers as; neither its password nor a digest of that is in the journal. */
export interface Device {
  id: string;
  number: string;
  kind?: DeviceKind;
  site?: string;
}

/** What rings. Each needs a location, also what nobody sits at. */
export type DeviceKind = "analog" | "conference" | "desk" | "door" | "lift" | "softphone";

/** A whole plan. `prefix` is dialled for an outside line, "" where none is; `main_number` is shown by default. */
export interface DialPlan {
  rules?: DialRule[];
  prefix?: string;
  main_number?: string;
  emergency?: string[];
}

/** One rule. `strip` digits are cut from the front and `prepend` is put there before a trunk is given the number. */
export interface DialRule {
  name: string;
  pattern: string;
  action: Action;
  trunks?: string[];
  strip?: number;
  prepend?: string;
  caller_id?: string;
}

/** A row that is new, gone or changed; for a changed one each field with what it was and what it is. */
export interface Difference {
  key: string;
  how: string;
  fields?: Record<string, [unknown, unknown]>;
  row?: Record<string, unknown>;
}

/** What differs between the lines at `since` and `until`, the rows of each view by key. */
export interface Differences {
  since: number;
  until: number;
  since_at: number;
  until_at: number;
  changes: Difference[];
}

/** Say that its units are crewed one by one. */
export interface DisbandCrew {
  crew: string;
}

/** Hang up a caller of another line than 911, whom a seat has. */
export interface DismissLeg {
  leg: string;
  seat: string;
}

/** Say that a node will not come back as it was, so that nobody waits for it to learn more. */
export interface DismissNode {
  node: string;
}

/** What a local word for an ending means. `common` is a code of APCO ANS 1.111.2, "01" to "45". */
export interface DispositionCode {
  word: string;
  common: string;
}

/** Say that a policy sent a ringing call elsewhere. */
export interface DivertCall {
  call: string;
  to: string;
  reason?: string;
}

/** A command that was taken: its id, its kind, the position of its last line, and the kinds of its events. */
export interface DoneCommand {
  id: string;
  kind: string;
  position: number;
  events: string[];
}

/** Write down a version, as TOML text that says its own version; `by` is who wrote it. */
export interface DraftPlan {
  text: string;
  by: string;
  reading?: TextReading | null;
}

/** A quickest drive: its line as points (1e-7 degrees), how long it takes and how far it is, rounded up. */
export interface Drive {
  unit: string;
  incident: string;
  line: [number, number][];
  travel_time_s: number | null;
  distance_m: number | null;
  why?: string;
  roads?: string;
  calibrated?: boolean;
  straight?: boolean;
  city?: string;
  fallback?: string;
}

/** Say that a message was dropped at a phone of its box, or in a `call` that has opened it. */
export interface DropAtPhone {
  message: string;
  device: string;
  call?: string;
}

/** Say that a cost does not arise. */
export interface DropCost {
  cost: string;
}

/** Keep a message of one's own box no longer. */
export interface DropVoicemail {
  message: string;
  person: string;
}

/** Stop asking, by name. */
export interface EndAccountability {
  incident: string;
  by: string;
}

/** Say that it holds no more. */
export interface EndAgreement {
  agreement: string;
  reason: string;
}

/** Say that the conversation is over. */
export interface EndCall {
  call: string;
}

/** End emergency access; its timer asks this too. */
export interface EndEmergency {
  person: string;
}

/** Let it wait no more. */
export interface EndHold {
  incident: string;
  reason: string;
}

/** Say that a leg is over, and who ended it: them, us or nobody. */
export interface EndLeg {
  leg: string;
  who: string;
  cause: string;
  packets_in?: number;
  packets_out?: number;
}

/** Say that a call is over. */
export interface EndPhoneCall {
  call: string;
  cause?: string;
}

/** Reserve it no more. */
export interface EndPreassignment {
  unit: string;
  reason: string;
}

/** Sign a person out everywhere: after a new password, or when a device is lost. */
export interface EndSessions {
  person: string;
}

/** Sign a unit off. */
export interface EndShift {
  shift: string;
}

/** The stop is over. */
export interface EndStop {
  unit: string;
  how: string;
}

/** Say by name that none is: from now on everybody stands as they came. */
export interface EndStorm {
  queue: string;
  by: string;
  reason: string;
}

/** Make someone known, in some roles. */
export interface EnrollPerson {
  person: string;
  roles?: string[];
  service?: boolean;
}

/** Say how a recipient is reached for a unit. */
export interface EnrollRecipient {
  recipient: string;
  unit: string;
  paths: Path[];
}

/** Put a unit on the roster, or change its facts. */
export interface EnrollUnit {
  unit: string;
  kind?: string;
  agency?: string;
  station?: string;
  capabilities?: string[];
  staffing?: number | null;
}

/** Say who somebody is, anew or for the first time. */
export interface EnrollUser {
  user: User;
}

/** Write down a paper card. `incident` is the id under which it will be an incident. */
export interface EnterCard {
  entry: string;
  incident: string;
  card: PaperCard;
  clerk: string;
}

/** Write down what is known. */
export interface EnterCaution {
  caution: Caution;
}

/** Let `out` go and send `instead`: it would be there `gain_s` sooner. */
export interface Exchange {
  requirement: string;
  out: string;
  instead: string;
  gain_s: number;
}

/** Exchanges that would pay, the largest gain first; `roads` names what their times were reckoned by. */
export interface Exchanges {
  incident: string;
  exchanges: Exchange[];
  roads: string;
  straight?: boolean;
  city?: string;
  fallback?: string;
}

/** Destroy the data keys of one case, because `order` (of a court, with its docket number) says so. */
export interface Expunge {
  case: string;
  keys: string[];
  order: string;
}

/** A person's or a room's telephone number. `user` is who has it, "" for a room; `site` where it usually stands. */
export interface Extension {
  type: "extension";
  name: string;
  user?: string;
  site?: string;
  ring_s?: number;
  voicemail?: boolean;
}

/** Where a city's places may lie: a box (west, south, east, north) and, within it, water. */
export interface Extent {
  box: [number, number, number, number];
  water?: number[][];
}

/** Say that nothing is kept any more. */
export interface FailRecording {
  leg: string;
  why: string;
}

/** A number with what it counts; `value` None where nothing could be counted yet. `n` is of how many. */
export interface Figure {
  id: string;
  title: string;
  value: number | null;
  unit: string;
  n: number | null;
  definition: string;
  proof: Proof;
}

/** Say that it is back. */
export interface FindSeat {
  seat: string;
}

/** One finding. `place` names rule and requirement, `found` what is the matter, `advice` what to do about it. */
export interface Finding {
  code: string;
  severity: Severity;
  place: string;
  found: string;
  advice: string;
  line?: number;
}

/** What a text may mean, the likeliest first. `over` says whether what is over was looked through too. */
export interface Finds {
  text: string;
  over: boolean;
  found: Found[];
}

/** One location that came with a leg. */
export interface Fix {
  x?: number | null;
  y?: number | null;
  radius_m?: number | null;
  shape?: string;
  text?: string;
  municipality?: string;
  method?: string;
  uri?: string;
}

/** Say which units one crew serves; said again, the new list holds. */
export interface FormCrew {
  crew: string;
  units: string[];
}

/** Where calls go instead, "" for nowhere. */
export interface Forwarding {
  always?: string;
  busy?: string;
  no_answer?: string;
  unreachable?: string;
}

/** Something that was found. `kind`: incident, call, unit, seat. `score` is 0 to 100. */
export interface Found {
  kind: string;
  id: string;
  title: string;
  detail: string;
  open: boolean;
  at: number | null;
  x: number | null;
  y: number | null;
  score: number;
}

/** What changed after feed position `start` up to `end`: rows as they are now, and the keys that are gone. */
export interface Frame {
  from: number;
  to: number;
  now: number;
  rows: Record<string, unknown>;
  gone: string[];
}

/** Write down that a caller is being told what to do, from the text with this digest. */
export interface GiveInstructions {
  incident: string;
  protocol: string;
  digest: string;
  instructions: string;
}

/** A figure that the need follows from: its value, whether it was measured and on how many, or assumed. */
export interface Given {
  name: string;
  value: number;
  unit: string;
  known: string;
  n: number;
}

/** Write down that they come. */
export interface GrantAid {
  incident: string;
  request: string;
  by: string;
  conditions?: string;
}

/** Let a person act in a role; nobody grants one to themself. */
export interface GrantRole {
  person: string;
  role: string;
}

/** Say that one of two who speak has put another in their place, with whom they spoke too; `leg` is who stays. */
export interface HandOnCall {
  call: string;
  by: string;
  to: string;
  leg: string;
}

/** Say that a message was heard at a phone of its box, or in a `call` that has opened it. */
export interface HearAtPhone {
  message: string;
  device: string;
  call?: string;
}

/** Say that a key was pressed. */
export interface HearKey {
  leg: string;
  key: string;
  source: string;
}

/** Hear what was kept of a leg, from piece to piece; it is written down before it is heard. */
export interface HearRecording {
  leg: string;
  by: string;
  why: string;
  first: number;
  last: number;
}

/** Say that text came. */
export interface HearText {
  leg: string;
  text: string;
  channel: Channel;
}

/** Say that one has heard a message of one's own box. */
export interface HearVoicemail {
  message: string;
  person: string;
}

/** Let the caller wait on the line. */
export interface HoldCall {
  call: string;
}

/** Let an incident wait, by name and with a reason; holding it again moves its review. */
export interface HoldIncident {
  incident: string;
  by: string;
  reason: string;
  review_at: number;
}

/** Let a caller of another line than 911 wait. */
export interface HoldLeg {
  leg: string;
  seat: string;
}

/** Who is signed in, and how long that lasts unused. `token` is for programs; a browser holds it in its cookie. */
export interface Holder {
  person: string;
  roles: string[];
  idle_ms: number;
  token?: string;
}

/** A day (ISO 8601) on which these spans count instead of the week's; none means closed. */
export interface Holiday {
  day: string;
  name: string;
  spans?: Span[];
}

/** Calls of an hour that began at `at`; `expected` of the whole hour, None where nothing is known to expect. */
export interface Hour {
  at: number;
  calls: number;
  expected: number | null;
}

/** Calls of an hour that began at `at`. */
export interface HourToday {
  at: number;
  calls: number;
}

/** When something is open: seven days of spans from Monday on, in an IANA time zone. */
export interface Hours {
  name: string;
  zone: string;
  week: Span[][];
  holidays?: Holiday[];
}

/** Several extensions under one number. `overflow` is called when none of them answers, "" for nobody. */
export interface HuntGroup {
  type: "group";
  name: string;
  members: string[];
  strategy?: Strategy;
  ring_s?: number;
  overflow?: string;
}

/** Enrol everybody in a list with their extensions: all of them, or none where one line cannot be. */
export interface ImportPeople {
  rows: PersonRow[];
}

/** Have everyone on duty look out: units, and seats that are signed on. */
export interface IssueBolo {
  bolo: string;
  text: string;
  by: string;
  expires_at: number;
  subject?: string;
  vehicle?: string;
  area?: string[];
}

/** File an incident for an agency; with `another` under one more number than it has there. */
export interface IssueCaseNumber {
  incident: string;
  agency: string;
  year: number;
  another?: boolean;
}

/** Be with a caller: a supervisor who listens or coaches, a third party on a leg that is here, a further seat. */
export interface JoinLeg {
  leg: string;
  party: string;
  kind?: PartyKind;
  role?: Role;
}

/** Say when something is open. */
export interface KeepHours {
  hours: string;
  what: Hours;
}

/** Say that a line stays, and why. */
export interface KeepLine {
  line: string;
  reason: string;
}

/** Say that a piece was closed, or was `cut` by the end of whoever wrote it. */
export interface KeepSegment {
  leg: string;
  index: number;
  path: string;
  size: number;
  sha256: string;
  chain: string;
  cut?: boolean;
}

/** Say where a site is, by which ELINs it calls 911, and who is told there. */
export interface KeepSite {
  site: Site;
}

/** Say what a trunk is. */
export interface KeepTrunk {
  trunk: Trunk;
}

/** How many incidents of a kind were opened; fewer than five of a kind are told together as `other`. */
export interface Kind {
  kind: string;
  n: number;
}

/** Be with a caller no more. The others go on; where nobody is left who speaks the caller is in line again. */
export interface LeaveLeg {
  leg: string;
  party: string;
}

/** Say that a message was recorded, after its bytes are durable. */
export interface LeaveVoicemail {
  message: string;
  number: string;
  caller: string;
  length_ms: number;
  sha256: string;
}

/** How long the periods of a retention class are. */
export type Length = "day" | "month" | "year";

/** Lift a hold. */
export interface LiftHold {
  hold: string;
}

/** One line of the journal; `late_ms` is how long after it happened it was written down. */
export interface Line {
  position: number;
  at: number;
  late_ms: number;
  kind: string;
  says: string;
  actor: string;
  subjects: string[];
}

/** How the last line ended: who ended it (them, us or nobody, as its leg says) and why. */
export interface LineOver {
  leg: string;
  number: string;
  incoming: boolean;
  spoke: boolean;
  who: string;
  cause: string;
}

/** Where a line is; one that is over is not here. */
export type LineState = "connecting" | "dialled" | "rings" | "rings_there" | "speaks";

/** Say what `other` is to `incident`; saying another relation changes it. */
export interface LinkIncidents {
  incident: string;
  other: string;
  relation: Relation;
}

/** A call that speaks of the incident. */
export interface LinkedCall {
  call: string;
  state: string;
  source: string;
  callback: string;
  text: string;
  received_at: number;
  answered_at: number | null;
  ended_at: number | null;
  seat: string;
}

/** Another incident that is linked, and how. */
export interface LinkedIncident {
  incident: string;
  number: string;
  relation: string;
  kind: string;
  status: string;
}

/** Put a talkgroup into the pool. */
export interface ListTalkgroup {
  talkgroup: string;
  group?: string;
}

/** A contractor as a list names it. */
export interface Listed {
  contractor: string;
  capabilities?: string[];
}

/** How a span was lived: units chosen anew, parts left as recorded, needs that had to wait, needs never met. */
export interface Lives {
  decided_anew: number;
  as_recorded: number;
  waited: number;
  never_met: number;
}

/** The floor at `now` behind line `position`, with what was measured from `since` on. */
export interface Load {
  position: number;
  now: number;
  since: number;
  ringing: number;
  oldest_ring_s: number | null;
  hung_up: number;
  spoken: number;
  callbacks: number;
  open_incidents: number;
  waiting_incidents: number;
  pending_needs: number;
  units: Record<string, number>;
  spreads: Spread[];
  hours: Hour[];
  expected_by: string;
  waiting: Waiting[];
  seats: Seat[];
  groups: Watch[];
  stations: StationCover[];
  uncovered: string[];
}

/** What a location is of (EIDO LocationType, NENA-STA-021.1b); spellings literal. */
export type LocationType = "Caller" | "CurrentIncident" | "InitialIncident" | "Investigation" | "Other" | "RoutingLocation" | "Staging" | "TowerLocation" | "UnitLocation";

/** Take a protocol out of use. */
export interface LockProtocol {
  protocol: string;
  by: string;
  reason: string;
}

/** Say that a seat's session is gone. */
export interface LoseSeat {
  seat: string;
}

/** Unit, place and plate, in one line. */
export interface MakeStop {
  unit: string;
  place: string;
  plate?: string;
  x?: number | null;
  y?: number | null;
}

/** Where units are quartered (1e-7 degrees). */
export interface MapStation {
  id: string;
  name: string;
  x: number;
  y: number;
}

/** Write down a benchmark; `by` is who commands. */
export interface MarkBenchmark {
  incident: string;
  benchmark: Benchmark;
  by: string;
}

/** What an attendant says, what each key calls, and what is called for whoever presses none. */
export interface Menu {
  says: string;
  keys?: MenuKey[];
  otherwise?: string;
  sound?: string;
}

/** What a key of a menu calls. */
export interface MenuKey {
  key: string;
  number: string;
  says?: string;
}

/** Say that `replaced` is the same incident as `incident`, which goes on. */
export interface MergeIncidents {
  incident: string;
  replaced: string;
  reason?: string;
}

/** All of them, as of a moment. */
export interface Mine {
  as_of: number;
  numbers: MyNumber[];
}

/** How a unit answers (NERIS response mode). */
export type Mode = "EMERGENT" | "NON_EMERGENT";

/** Say that a phone stands elsewhere. */
export interface MoveDevice {
  device: string;
  site: string;
}

/** Say where it really is. */
export interface MoveIncident {
  incident: string;
  place: Place;
  zones?: Record<string, string>;
  by_machine?: boolean;
}

/** Let a caller wait in another queue of the same kind of line; how long they have waited counts there too. */
export interface MoveLeg {
  leg: string;
  queue: string;
}

/** One of somebody's numbers. `voicemails` are the newest first; `dial` is what reaches who left each, by its id. */
export interface MyNumber {
  number: string;
  name: string;
  presence: string;
  forwarding: Forwarding;
  greeting: string;
  pin: MyPin | null;
  voicemails: Voicemail[];
  dial: Record<string, string>;
  texts: Text[];
}

/** The PIN of a box, without its digits: `wrong` ones came since it was last right, `closed` by them for now. */
export interface MyPin {
  set_at: number;
  always: boolean;
  wrong: number;
  closed: boolean;
}

/** An hour from `at`: calls expected in it, people needed, and the share in time with those signed on (0 to 1). */
export interface NeededHour {
  at: number;
  calls: number;
  call_takers: number;
  dispatchers: number;
  answered_in_time: number;
  hang_up: number;
  heard_in_time: number;
}

/** Say that the quality of a unit's positions has changed. */
export interface NoteQuality {
  unit: string;
  quality: Quality;
  since: number;
  other?: string;
}

/** Write down a leg that came in; `call` is the new id of a 911 call for dispatch, "" on another line. */
export interface OfferLeg {
  leg: string;
  arrival: Arrival;
  call?: string;
}

/** Offer work to whoever is next and has these capabilities; `skips` are those to be passed over, and why. */
export interface OfferRotation {
  rotation: string;
  offer: string;
  incident: string;
  capabilities?: string[];
  skips?: Skip[];
}

/** Say that a call opens a box: by one of its phones, or `by_pin`, which was right. */
export interface OpenBox {
  number: string;
  call: string;
  by_pin?: boolean;
}

/** Open an incident, usually for a call. Without a `number` it gets the next one. */
export interface OpenIncident {
  incident: string;
  number?: string;
  kind?: string;
  group?: string;
  priority?: number;
  place?: Place;
  zones?: Record<string, string>;
  alarm_level?: number;
  call?: string;
  by_machine?: boolean;
}

/** Ask now. Between rounds the timer asks. */
export interface OpenRoll {
  incident: string;
}

/** Where one call can be parked, and picked up by dialling the number. */
export interface Orbit {
  type: "orbit";
  name?: string;
}

/** What ranks the units that meet a requirement. */
export type Order = "road_time" | "station_order";

/** Send an idle unit to a post; `reason` is needed where it was not suggested. */
export interface OrderMoveUp {
  unit: string;
  post: string;
  by: string;
  reason?: string;
}

/** Extensions whose loudspeakers are heard at once, without anybody answering. */
export interface PagingGroup {
  type: "paging";
  name: string;
  members: string[];
}

/** One incident on paper. `number` is the printed one, "" where the card has none; times are the true ones. */
export interface PaperCard {
  number: string;
  opened_at: number;
  place: string;
  kind?: string;
  priority?: number;
  received_at?: number | null;
  answered_at?: number | null;
  callback?: string;
  units?: UnitLine[];
  notes?: string[];
  closed_at?: number | null;
  disposition?: string;
}

/** Park an answered call in an orbit. */
export interface ParkCall {
  call: string;
  orbit: string;
}

/** One part of the line: `part` says what it is (incident, unit, status, place), `meaning` what is meant. */
export interface Part {
  part: string;
  text: string;
  meaning: string;
}

/** What a party is. */
export type PartyKind = "leg" | "seat" | "service";

/** One way to a recipient. `proof` is the step that counts as alerted; `wait_ms` how long silence is borne. */
export interface Path {
  kind: PathKind;
  address: string;
  proof?: PathsStep;
  wait_ms?: number;
}

/** What carries an alert. Radio is the last: a person voices it. */
export type PathKind = "email" | "mobile" | "pager" | "radio" | "station" | "webhook";

/** Everybody, by name. */
export interface PeopleKnown {
  people: PersonKnown[];
}

/** Somebody who is enrolled; `name` is what they sign in with, "" for a machine of the house. */
export interface PersonKnown {
  person: string;
  name: string;
  roles: string[];
  service: boolean;
  suspended: boolean;
  emergency_until: number | null;
  signed_on: string[];
}

/** Somebody with an extension, as one line of a list. */
export interface PersonRow {
  user: User;
  number: string;
  direct?: string;
  site?: string;
  voicemail?: boolean;
}

/** What is typed into a phone, shown once. */
export interface PhoneCredentials {
  device: string;
  realm: string;
  password: string;
}

/** Take a parked call. */
export interface PickUp {
  orbit: string;
  by: string;
}

/** Where something is. */
export interface Place {
  text?: string;
  x?: number | null;
  y?: number | null;
  municipality?: string;
  quality?: string;
  source?: string;
  uncertainty_m?: number | null;
  in_geofile?: boolean;
  caller_confirmed?: boolean;
  answer?: string;
  doubts?: string[];
}

/** One candidate: what the geocoder says of it, and `place` and `zones` as a command takes them if it is chosen. */
export interface PlaceFound {
  found: Record<string, unknown>;
  place: Place;
  zones?: Record<string, string>;
}

/** Hold a case: whoever asks names the holder and the authority (a court, a request, a docket number). */
export interface PlaceHold {
  hold: string;
  case: string;
  holder: string;
  authority: string;
  until?: number | null;
}

/** Call somebody; `leg` is a new id, which makes asking twice harmless. `caller` is the number that is shown. */
export interface PlaceLeg {
  leg: string;
  placing: Placing;
  caller?: string;
}

/** Say where one's own softphone is, "" for where the extension usually is; the first time makes it. */
export interface PlaceMySoftphone {
  person: string;
  number: string;
  site?: string;
}

/** What a text names. `kind`: unique, ambiguous, partial, not_found, conflict; not_available without a geocoder. */
export interface PlacesFound {
  kind: string;
  text: string;
  reasons: string[];
  place: Place;
  zones?: Record<string, string>;
  candidates?: PlaceFound[];
  city?: string;
  fallback?: string;
}

/** A leg that we place: for which seat ("" for the phones), to whom. */
export interface Placing {
  seat: string;
  target: string;
  reason?: CommsReason;
  of?: string;
}

/** One thing that is wrong: its code, the rule, digits that show it, and words. */
export interface PlanFault {
  code: string;
  weight: Weight;
  says: string;
  rule?: string;
  digits?: string;
}

/** What is wrong with the text of a plan: `faults` keep it from being read, else `findings` are the linter's. */
export interface PlanFindings {
  faults?: FaultsFault[];
  findings?: Finding[];
}

/** A version of the response plan whole, whether it counts, when any was activated, and what the linter finds. */
export interface PlanKnown {
  version: PlanVersion;
  active: boolean;
  activations: Activation[];
  lint: PlanFindings;
}

/** What the linter says of a plan, and which devices could call 911 from where nobody would look. */
export interface PlanLooked {
  findings: PlanFault[];
  unlocated: Record<string, string>;
}

/** Which rules answered, in which version and why; `zones_as_recorded` when the incident's own zones were taken. */
export interface PlanSaid {
  title: string;
  version: string;
  way: ResolvingWay;
  rules: Chosen[];
  unanswered?: number[];
  zones_as_recorded?: boolean;
}

/** One text with all that is known of it; `digest` is the SHA-256 of the text. */
export interface PlanVersion {
  id: string;
  text: string;
  digest: string;
  title: string;
  drafted_at: number;
  drafted_by: string;
  errors?: number;
  warnings?: number;
  check?: Check | null;
  replays?: Record<string, Replay>;
  retired_at?: number | null;
}

/** Plan a wave, or change its plan; `starts` and `ends` are days as 2026-11-30. */
export interface PlanWave {
  wave: string;
  name: string;
  owner: string;
  starts: string;
  ends: string;
  site?: string;
}

/** What the plan sends: the fields of `SetNeeds`, and beside them why, and what else the rules say. */
export interface PlannedResponse {
  incident: string;
  requirements: Requirement[];
  plan: string;
  rule: string;
  said: PlanSaid;
  zones?: Record<string, string>;
  talkgroup?: string;
  notify?: string[];
  cautions?: string[];
  city?: string;
  fallback?: string;
}

/** Points, as longitude and latitude in 1e-7 degrees. */
export interface PointsOnRoads {
  points: [number, number][];
}

/** Who may do what, read what, and why. What no cell permits is refused. */
export interface Policy {
  texts: PolicyText[];
  roles: string[];
  audiences: string[];
  purposes: Purpose[];
  permits: Cells[];
  forbids?: Cells[];
  emergency_role?: string;
  emergency_ms?: number;
}

/** Who may do and see what: one cell a role, an action, an audience; what is forbidden stays so. */
export interface PolicyKnown {
  roles: string[];
  audiences: string[];
  purposes: Purpose[];
  permits: Cells[];
  forbids: Cells[];
}

/** A file that the policy was compiled from: its name, and the SHA-256 of its bytes in hexadecimal. */
export interface PolicyText {
  name: string;
  sha256: string;
}

/** Reserve a unit, busy or free, as the next one of an incident. */
export interface PreassignUnit {
  incident: string;
  unit: string;
  need?: string;
}

/** What somebody says of themself; that they speak or cannot be reached is seen and not said. */
export type Presence = "available" | "away" | "dnd";

/** What went wrong: `code` is stable, `data` explains it. */
export interface Problem {
  title: string;
  status: number;
  code: string;
  type?: string;
  detail?: string;
  data?: Record<string, unknown>;
}

/** Say that a leg that we placed rings. */
export interface ProgressLeg {
  leg: string;
  code: number;
}

/** Take a supplemental location of a call for where the incident is. `zones` are those of its position. */
export interface PromoteLocation {
  incident: string;
  call: string;
  number: number;
  zones?: Record<string, string>;
}

/** The lines behind `after` up to `until`, and the hash of the line at `until`: `redstick verify` checks it. */
export interface Proof {
  after: number;
  until: number;
  head: string;
}

/** Give a dial plan to be reviewed; one with an error is not kept. */
export interface ProposePlan {
  plan: DialPlan;
  why?: string;
}

/** An incident as it is told: no number, no caller, no narrative, no unit. */
export interface PublicIncident {
  kind: string;
  status: string;
  opened_at: number;
  zones?: Record<string, string>;
  block?: string;
  x?: number | null;
  y?: number | null;
  closed_at?: number | null;
}

/** Why someone asks. With `reference`, the case, incident or request must be named: `open_case:2026-000117`. */
export interface Purpose {
  code: string;
  reference?: boolean;
}

/** The verdict on a unit's positions, the better ones first. */
export type Quality = "ageing" | "clock_skew" | "fresh" | "frozen" | "impossible_place" | "jump" | "none" | "stale" | "swap";

/** One queue, and its policy. */
export interface Queue {
  id: string;
  line: CommsLineKind;
  targets?: string[];
  skills?: string[];
  handicap_ms?: number;
  offer_ms?: number;
  wrap_up_ms?: number;
  target_ms?: number;
  storm_per_minute?: number;
  overflow_to?: string;
  overflow_ms?: number;
}

/** Strike a further alarm. */
export interface RaiseAlarm {
  incident: string;
  level: number;
}

/** Say that a responder is in danger: by button, by radio (`mayday`), by a word to anybody (`how`). */
export interface RaiseEmergency {
  unit: string;
  how?: string;
  mayday?: boolean;
  x?: number | null;
  y?: number | null;
}

/** Have the address of an incident looked into: asked by itself when it is not in the geofile, or by a person. */
export interface RaiseFollowUp {
  incident: string;
}

/** Someone was shown a view for this purpose; with `emergency`, only because the glass was broken. */
export interface ReadAllowed {
  person: string;
  view: string;
  audience: string;
  purpose: string;
  emergency?: boolean;
}

/** Say what the caller `heard` and agreed to when `text` was read back. */
export interface ReadBackAddress {
  incident: string;
  text: string;
  heard: string;
}

/** Someone was not shown a view, `times` over; `code` is that of the rejection. */
export interface ReadRefused {
  person: string;
  view: string;
  audience: string;
  purpose: string;
  code: string;
  times?: number;
}

/** Write down a call that has come in. */
export interface ReceiveCall {
  call: string;
  source: string;
  callback?: string;
  place?: Place;
}

/** Who should go. Chosen and refused together are the roster; `record` is ready for `RecordRecommendation`. */
export interface Recommendation {
  incident: string;
  now: number;
  roster: number;
  chosen: ReasonsVerdict[];
  refused: ReasonsVerdict[];
  unfilled: Unfilled[];
  requirements: Requirement[];
  said: PlanSaid;
  roads: string;
  calibrated: boolean;
  straight: boolean;
  digest: string;
  record: string;
  city?: string;
  fallback?: string;
}

/** Write down what two agencies have agreed, in one direction. */
export interface RecordAgreement {
  agreement: string;
  lender: string;
  borrower: string;
  automatic?: boolean;
  kinds?: string[];
  conditions?: string;
}

/** Write down what a caller answered, from the text with this digest. */
export interface RecordAnswer {
  incident: string;
  protocol: string;
  digest: string;
  question: string;
  answer: string;
}

/** Say which units were sent instead of the recommended ones, and why. */
export interface RecordOverride {
  incident: string;
  recommendation: string;
  units: string[];
  reason: string;
}

/** Say what the linter found in the text with this digest, beside a city and a roster of so many units. */
export interface RecordPlanCheck {
  plan: string;
  digest: string;
  city: string;
  units: number;
  errors: number;
  warnings: number;
  codes?: string[];
}

/** Say that incidents of a period were lived again under the text with this digest, and what came out. */
export interface RecordPlanReplay {
  plan: string;
  digest: string;
  result: string;
  since: number;
  until: number;
  incidents: number;
  figures?: Record<string, number>;
}

/** Write down a read before it is served. */
export interface RecordReadAllowed {
  record: ReadAllowed;
}

/** Write down refused reads. */
export interface RecordReadRefused {
  record: ReadRefused;
}

/** Keep a recommendation that was computed, under an id that `AssignUnits` and an override can name. */
export interface RecordRecommendation {
  incident: string;
  recommendation: string;
  record: string;
}

/** Write down that a session begins, before its token is given out. */
export interface RecordSignIn {
  record: SignedIn;
}

/** Write down refused attempts to sign in. */
export interface RecordSignInFailed {
  record: SignInFailed;
}

/** Write down that a session has ended. */
export interface RecordSignOut {
  record: SignedOut;
}

/** Write down that they do not come. */
export interface RefuseAid {
  incident: string;
  request: string;
  by: string;
  reason: string;
}

/** Say that in a call a wrong PIN was pressed. */
export interface RefusePin {
  number: string;
  call: string;
}

/** Say that somebody gave a wrong password for a phone, which may be none of ours. */
export interface RefuseRegistration {
  device: string;
  source: string;
  limited?: boolean;
}

/** Take back every waiver of a need. */
export interface ReinstateNeed {
  incident: string;
  need: string;
  by: string;
  reason: string;
}

/** What a linked incident is to this one (EIDO link; NENA-STA-021.1b). */
export type Relation = "CHILD" | "PARENT" | "RELATED";

/** Put nothing behind a number. */
export interface ReleaseNumber {
  number: string;
}

/** Give it back to the pool. */
export interface ReleaseTalkgroup {
  talkgroup: string;
}

/** Let a unit go from an incident: the explicit way out. */
export interface ReleaseUnit {
  incident: string;
  unit: string;
  ending?: string;
}

/** Take over, in one act, what a seat watches; from the same seat or another. */
export interface RelieveSeat {
  seat: string;
  relief: string;
  person: string;
  position: number;
}

/** Say that another location came for a leg. */
export interface RelocateLeg {
  leg: string;
  fixes: Fix[];
}

/** Say by name that it does not hold. */
export interface RemoveCaution {
  caution: string;
  by: string;
  reason: string;
}

/** Let it register no more. */
export interface RemoveDevice {
  device: string;
}

/** Forget hours that no attendant goes by. */
export interface RemoveHours {
  hours: string;
}

/** Take a queue away in which nobody waits. */
export interface RemoveQueue {
  queue: string;
}

/** Tell a recipient no more. */
export interface RemoveRecipient {
  recipient: string;
}

/** Forget a site that nothing stands at. */
export interface RemoveSite {
  site: string;
}

/** Use it no more; the plan in force may not name it. */
export interface RemoveTrunk {
  trunk: string;
}

/** Say that somebody works here no more; their extensions are released or given to others before. */
export interface RemoveUser {
  user: string;
}

/** Say by name that it still holds, and when to look again. */
export interface RenewCaution {
  caution: string;
  by: string;
  review_at: number;
}

/** Open a closed incident again under the same id. */
export interface ReopenIncident {
  incident: string;
  reason: string;
}

/** End a closure. */
export interface ReopenRoad {
  closure: string;
  by: string;
}

/** Past incidents lived again under a version. `result` is the digest of the whole account, `figures` its gist. */
export interface Replay {
  result: string;
  at: number;
  since: number;
  until: number;
  incidents: number;
  figures: Record<string, number>;
  reviewed_at?: number | null;
  reviewed_by?: string;
  approved?: boolean;
  words?: string;
}

/** Say that a recipient has it. */
export interface ReportBoloHeard {
  bolo: string;
  recipient: string;
  step: PathsStep;
  evidence?: string;
  cancel?: boolean;
}

/** Say whether a phone is registered; a renewal says nothing new. */
export interface ReportDevice {
  device: string;
  reachable: boolean;
}

/** Say that a discrepancy report was sent, under which id. */
export interface ReportDiscrepancy {
  follow_up: string;
  report: string;
}

/** Say whether an engine carries voice. */
export interface ReportEngine {
  engine: string;
  up: boolean;
  why?: string;
}

/** Say what a provider or a device said of an attempt. */
export interface ReportReceipt {
  incident: string;
  alert: string;
  key: string;
  step: PathsStep;
  evidence?: string;
}

/** Say what a unit is doing, by device, by radio through a dispatcher, or from a paper card. */
export interface ReportStatus {
  unit: string;
  status: string;
  incident?: string;
  leaves?: boolean;
  happened_at?: number | null;
  x?: number | null;
  y?: number | null;
}

/** Say whether a trunk works. */
export interface ReportTrunk {
  trunk: string;
  up: boolean;
  why?: string;
}

/** Say, by name, that the recipient was told, and how that is known. */
export interface ReportVoiced {
  incident: string;
  alert: string;
  by: string;
  how: string;
}

/** Ask an agency for help with an incident. Asking without an agreement is no fault: it is recorded as such. */
export interface RequestAid {
  incident: string;
  request: string;
  lender: string;
  borrower: string;
  what: string;
}

/** Say that the owner wants this one. */
export interface RequestContractor {
  rotation: string;
  contractor: string;
  incident: string;
  by: string;
}

/** What is needed: `count` units of any of `kinds` (all when empty) with every one of `capabilities`. */
export interface Requirement {
  id: string;
  kinds?: string[];
  capabilities?: string[];
  count?: number;
  agency?: string;
  role?: string;
  min_staffing?: number | null;
  ceiling_s?: number | null;
  mode?: Mode;
  order?: Order;
  substitutes?: Substitute[];
  divert?: boolean;
}

/** Reserve numbers for a seat, to print cards with. */
export interface ReserveCards {
  seat: string;
  count: number;
}

/** What became of an address that the geofile did not know. */
export type Resolution = "entered_wrong" | "geofile_corrected" | "left_as_is" | "no_address";

/** Settle a follow-up, by name. */
export interface ResolveFollowUp {
  follow_up: string;
  resolution: Resolution;
  by: string;
  note?: string;
}

/** Offer it work again. */
export interface RestoreContractor {
  rotation: string;
  contractor: string;
  by: string;
}

/** Undo a suspension. */
export interface RestorePerson {
  person: string;
}

/** Speak with the caller again; after a transfer, as the seat that accepted it. */
export interface ResumeCall {
  call: string;
  seat: string;
}

/** Let a suspended domain take commands again, after its fault has been mended. */
export interface ResumeDomain {
  domain: string;
}

/** Speak with them again. */
export interface ResumeLeg {
  leg: string;
  seat: string;
}

/** How long a class of things is kept, from the end of the period in which they were recorded. */
export interface RetentionClass {
  name: string;
  periods: Length;
  keep_ms: number;
  backups_ms: number;
  authority: string;
}

/** Take a call that is over and speaks of no incident out of the live state. */
export interface RetireCall {
  call: string;
}

/** Take a closed incident and its calls out of the live state. */
export interface RetireIncident {
  incident: string;
}

/** Take a version out of use. */
export interface RetirePlan {
  plan: string;
  by: string;
}

/** Change the kind. */
export interface RetypeIncident {
  incident: string;
  kind: string;
  by_machine?: boolean;
}

/** Say, by name, what you make of a replay; a later word counts for an earlier one. */
export interface ReviewPlanReplay {
  plan: string;
  result: string;
  by: string;
  approved: boolean;
  words?: string;
}

/** Say what a suspicion came to; saying another verdict later replaces it. */
export interface ReviewSuspect {
  incident: string;
  signal: Signal;
  verdict: SignalsVerdict;
  by: string;
  note?: string;
}

/** Take a role from a person. */
export interface RevokeRole {
  person: string;
  role: string;
}

/** A segment of the roads: its id and name, its line (1e-7 degrees), how far the asked point lies from it. */
export interface RoadFound {
  segment: string;
  name: string;
  line: [number, number][];
  distance_m: number;
}

/** The nearest segment to each asked point, each segment once. */
export interface RoadsFound {
  found: RoadFound[];
  city?: string;
}

/** What a leg is in a room, in which everybody hears those who speak. */
export type Role = "coach" | "listener" | "monitor" | "speaker";

/** A conference that whoever dials the number is in, with a `pin` only who presses that. */
export interface Room {
  type: "room";
  name: string;
  most?: number;
  pin?: string;
}

/** What a call becomes: its steps in order, what is shown to whoever is called, and in words why. */
export interface Route {
  verdict: TraceVerdict;
  steps: PortsStep[];
  words: string[];
  caller_id?: string;
  code?: string;
}

/** Put lines into a wave: to migrate, or to disconnect without a successor. */
export interface ScheduleLines {
  wave: string;
  lines: string[];
  way?: KindsWay;
}

/** Rows behind line `at`, which was recorded at `recorded_at`; `now` is the moment that was asked for. */
export interface Screen {
  at: number;
  recorded_at: number;
  now: number;
  first: number;
  last: number;
  begun: number;
  ended: number;
  rows: Record<string, Record<string, unknown>>;
}

/** One signed-on seat: who sits there, what they watch, since when; `lost_at` while its session is gone. */
export interface Seat {
  id: string;
  person: string;
  groups: string[];
  since: number;
  lost_at?: number | null;
  briefed_from?: number | null;
}

/** Give a unit or seat that signs on what is live. */
export interface SendLiveBolos {
  recipient: string;
}

/** Send a message from an extension of one's own. */
export interface SendText {
  text_id: string;
  person: string;
  sender: string;
  to: string;
  text: string;
}

/** Go on a break, with why; or be available again, also out of after-call work. */
export interface SetAgentState {
  seat: string;
  available: boolean;
  why?: string;
}

/** Choose the month with which everything later is compared; without, it is the first that a bill shows. */
export interface SetBaseline {
  month: string;
}

/** Say what something of the new system costs; again to change it. */
export interface SetCost {
  cost: string;
  name: string;
  kind: CostKind;
  starts: string;
  monthly_cents?: number;
  once_cents?: number;
  ends?: string;
}

/** Write down what the questions came to. */
export interface SetDeterminant {
  incident: string;
  protocol: string;
  digest: string;
  determinant: string;
}

/** Set it for any extension (the switchboard). */
export interface SetForwarding {
  number: string;
  forwarding: Forwarding;
}

/** Choose what one's own box says. */
export interface SetGreeting {
  person: string;
  number: string;
  sha256: string;
}

/** Say that in a call that has opened a box its greeting was recorded, after its bytes are durable; "" for none. */
export interface SetGreetingAtPhone {
  call: string;
  sha256: string;
}

/** Set it for an extension of one's own. */
export interface SetMyForwarding {
  person: string;
  number: string;
  forwarding: Forwarding;
}

/** Say that the PIN of one's own box is what is kept under an id. The interface keeps it, and makes the id. */
export interface SetMyPin {
  person: string;
  number: string;
  pin: string;
}

/** Set it for an extension of one's own. */
export interface SetMyPresence {
  person: string;
  number: string;
  presence: Presence;
}

/** Record what an incident needs, as a plan says; again, when its kind or place has changed. */
export interface SetNeeds {
  incident: string;
  requirements: Requirement[];
  plan?: string;
  rule?: string;
}

/** Say that in a call that has opened a box its PIN was set. */
export interface SetPinAtPhone {
  call: string;
  pin: string;
}

/** Set it for any extension (the switchboard). */
export interface SetPresence {
  number: string;
  presence: Presence;
}

/** Make a queue, or change its policy: what waits in it already stands where it stood. */
export interface SetQueue {
  queue: Queue;
}

/** Set who is on a list and in which order. */
export interface SetRotation {
  rotation: string;
  service: string;
  zone: string;
  contractors: Listed[];
}

/** Say by name that a card with conflicts is an incident of its own (`keep`), or is not. */
export interface SettleCard {
  entry: string;
  by: string;
  keep: boolean;
  reason: string;
}

/** Say what became of what a seat wrote. */
export interface SettleText {
  leg: string;
  number: number;
  delivered: boolean;
  why?: string;
}

/** Say how it went. `why` is what the network said, or the seat. */
export interface SettleTransfer {
  leg: string;
  done: boolean;
  why?: string;
}

/** How much a finding weighs. */
export type Severity = 0 | 1 | 2;

/** What sort of knowledge it is. */
export type Shape = "caution" | "history" | "hydrant" | "pre_plan";

/** Signing in was refused, `times` over; `person` is "" where no account has the name that was given. */
export interface SignInFailed {
  person: string;
  address: string;
  code: string;
  times?: number;
}

/** Watch nothing any more. */
export interface SignOff {
  seat: string;
  despite?: string;
}

/** Take none any more. */
export interface SignOffAgent {
  seat: string;
}

/** Watch groups from a seat; a seat that is signed on watches these from now on. */
export interface SignOn {
  seat: string;
  person: string;
  groups: string[];
  despite?: string;
}

/** Take calls of queues at a seat. `languages` are tags of BCP 47, as `es`. */
export interface SignOnAgent {
  seat: string;
  queues?: string[];
  skills?: string[];
  languages?: string[];
}

/** Answer for a text as its medical director: the digest is that of the bytes that were read. */
export interface SignProtocol {
  protocol: string;
  version: string;
  digest: string;
  by: string;
  licence: string;
}

/** Why an incident is suspected. */
export type Signal = "costly_override" | "moved_after_dispatch" | "no_arrival" | "on_scene_elsewhere" | "read_back_differs" | "same_number" | "sent_elsewhere";

/** A session began, from this network address. */
export interface SignedIn {
  person: string;
  address: string;
}

/** A session was ended by its person. */
export interface SignedOut {
  person: string;
  address: string;
}

/** Incidents that a report may be about, the likeliest first; a person decides. */
export interface Similar {
  suggestions: Suggestion[];
}

/** A dispatchable location (47 CFR 9.3): street address, and what leads to the caller within it. */
export interface Site {
  id: string;
  address: string;
  municipality?: string;
  floor?: string;
  room?: string;
  elins?: string[];
  contacts?: string[];
  escalation?: string[];
  validated?: boolean;
}

/** Whose turn it was and why the offer went on. */
export interface Skip {
  contractor: string;
  reason: string;
}

/** Every row at feed position `at`, where a seat starts. `now` is the city's time, ms since the epoch. */
export interface Snapshot {
  at: number;
  now: number;
  rows: Record<string, unknown>;
}

/** The line, and our description. */
export interface SoftphoneAnswer {
  leg: string;
  answer: string;
}

/** Whether this server has voice; one's own extensions, and the sites at which one may be, by id, in words. */
export interface SoftphoneHere {
  here: boolean;
  numbers: SoftphoneNumber[];
  sites: Record<string, string>;
}

/** One call of a softphone. `leg` is its leg of voice; `incoming` is whether it rang here. */
export interface SoftphoneLine {
  leg: string;
  incoming: boolean;
  number: string;
  name?: string;
  state?: LineState;
  held?: boolean;
  auto?: boolean;
  transfer?: string;
}

/** An extension of one's own: the site that is said of its softphone ("": the extension's), and the words of it. */
export interface SoftphoneNumber {
  number: string;
  name: string;
  site: string;
  place: string;
}

/** A window's softphone, as it is now: what the stream tells each time that something of it changed. */
export interface SoftphoneTold {
  number: string;
  place: string;
  lines?: SoftphoneLine[];
  over?: LineOver | null;
}

/** Local minutes of a day, from and until (not with); 1,440 is its end. */
export interface Span {
  begins: number;
  ends: number;
}

/** Let them do so no more. */
export interface SplitGroup {
  group: string;
  by: string;
  despite?: string;
}

/** Take a merge back: `replaced` stands by itself again. */
export interface SplitIncident {
  incident: string;
  replaced: string;
  reason: string;
}

/** One interval over one set of calls, incidents or units' parts. Percentiles are nearest rank, in seconds. */
export interface Spread {
  interval: string;
  title: string;
  n_eligible: number;
  n_used: number;
  n_backwards: number;
  p50_s: number | null;
  p90_s: number | null;
  p95_s: number | null;
  p90_low_s: number | null;
  p90_high_s: number | null;
  standards: AgainstStandard[];
  bars: Bar[];
  seconds: number[];
  shares: number[];
  method?: string;
}

/** Queue an incident on a busy unit, for one of its needs when that is known. */
export interface StackIncident {
  incident: string;
  unit: string;
  need?: string;
}

/** The next hours; none where nothing is known to expect. `expected_by` says what the expectation is drawn from. */
export interface Staffing {
  now: number;
  expected_by: string;
  hours: NeededHour[];
  answering: NeededAsked;
  hearing: NeededAsked;
  givens: Given[];
  call_takers: string[];
  dispatchers: string[];
}

/** Begin, or ask for another interval. */
export interface StartAccountability {
  incident: string;
  every_s?: number;
}

/** A station's units: how many it has, how many of them can be sent, how many of those stand in quarters. */
export interface StationCover {
  station: string;
  units: number;
  available: number;
  in_quarters: number;
  kinds: Record<string, number>;
}

/** Canonical status codes; an agency's own words map onto them. */
export type Status = "ACK" | "AQ" | "AR" | "ASG" | "CAN" | "CLR" | "DSP" | "ENR" | "HSP" | "LOG" | "MEAL" | "MVU" | "OFF" | "ONS" | "OOS" | "PTC" | "SELF" | "STG" | "TRN";

/** An agency's own words for statuses, upper case, each mapped to one canonical code. */
export interface StatusTable {
  words?: Record<string, Status>;
  kinds?: Record<string, Record<string, Status>>;
}

/** What an engine is to do. */
export type StepKind = "attendant" | "box" | "emergency" | "page" | "park" | "pick_up" | "refuse" | "ring" | "room" | "trunk" | "voicemail";

/** An incident; `record` is it as the journal has it, whole. `more` says that older lines are left out. */
export interface Story {
  incident: string;
  number: string;
  status: string;
  position: number;
  first: number;
  last: number;
  record: Record<string, unknown>;
  lines: Line[];
  more: boolean;
  calls: LinkedCall[];
  linked: LinkedIncident[];
  before: Before[];
  warnings: Warned[];
}

/** In which order the members of a hunt group ring. */
export type Strategy = "all" | "in_order" | "longest_idle" | "round_robin";

/** The city and its one source. Tiles hold the layers `layers`; `zone_layers` are the values of a zone's `layer`. */
export interface StyleSources {
  name: string;
  time_zone: string;
  digest: string;
  stamp: string;
  sources: Record<string, VectorSource>;
  layers: string[];
  zone_layers: string[];
  stations: MapStation[];
}

/** What will do instead, at a price: seconds that are added to its travel time when it is compared. */
export interface Substitute {
  kinds?: string[];
  capabilities?: string[];
  penalty_s?: number;
}

/** What the coverage computation found. */
export interface SuggestMoveUp {
  unit: string;
  post: string;
  late_milli: number;
  late_if_moved_milli: number;
  travel_s: number;
  snapshot?: string;
}

/** An incident that a report may be about. `score` is the sum of the points of its terms, 0 to 100. */
export interface Suggestion {
  incident: string;
  score: number;
  terms: Term[];
  closed?: boolean;
}

/** Offer it nothing for now. */
export interface SuspendContractor {
  rotation: string;
  contractor: string;
  by: string;
  reason: string;
}

/** Stop a person from doing or reading anything, at once. */
export interface SuspendPerson {
  person: string;
  reason: string;
}

/** Send one unit in the place of another, for the same need, and cancel the other. */
export interface SwapUnits {
  incident: string;
  leaves: string;
  comes: string;
  alerted?: boolean;
  despite?: string;
  expected_s?: number | null;
}

/** What was heard. */
export type Tag = "accidental" | "nuisance" | "silent" | "test";

/** Say of an incident that it comes from a card that was entered. */
export interface TagFromPaper {
  incident: string;
  entry: string;
}

/** Say what a call was, while it is here. */
export interface TagLeg {
  leg: string;
  seat: string;
  tag: Tag;
}

/** Write down a record that came on a line; `call` is the id of the call, if it is a new one. */
export interface TakeAli {
  line: string;
  call: string;
  text: string;
  seat?: string;
}

/** Say that it was not reached. */
export interface TakeBackBenchmark {
  incident: string;
  benchmark: Benchmark;
  by: string;
  reason: string;
}

/** Take the statements of one document, all or none. `corrects`: they may replace what is known. */
export interface TakeBills {
  document: string;
  name: string;
  statements: BillsAsked[];
  corrects?: boolean;
}

/** Answer a caller of another line than 911 at a seat. */
export interface TakeLeg {
  leg: string;
  seat: string;
}

/** Tick a step of a line's cut-over; with `waived`, say in `note` why it is not needed. */
export interface TakeStep {
  line: string;
  step: KindsStep;
  on: string;
  note?: string;
  waived?: boolean;
}

/** Take it upon oneself, by name, to voice an alert. */
export interface TakeVoice {
  incident: string;
  alert: string;
  by: string;
}

/** One reason: its points of the most it can give, and the fact in words. */
export interface Term {
  name: string;
  points: number;
  most: number;
  words: string;
}

/** A message from one extension to another. */
export interface Text {
  id: string;
  sender: string;
  to: string;
  text: string;
  sent_at: number;
}

/** Of the text with this digest: its head, and how many findings of the linter; or `n` faults, some of them told. */
export interface TextReading {
  digest: string;
  version?: string;
  title?: string;
  errors?: number;
  warnings?: number;
  faults?: FaultsFault[];
  n?: number;
}

/** What was entered; with the caller's position in degrees (WGS 84) and its uncertainty in metres, if known. */
export interface TextToFind {
  text: string;
  latitude?: number | null;
  longitude?: number | null;
  uncertainty_m?: number | null;
  area?: string;
}

/** The city from midnight until `as_of`, which lies `delay_ms` before `now`. */
export interface Today {
  now: number;
  as_of: number;
  begun: number;
  time_zone: string;
  delay_ms: number;
  figures: Figure[];
  spreads: Spread[];
  kinds: Kind[];
  hours: HourToday[];
  incidents: PublicIncident[];
}

/** An accepted command: its id, the position of its last line, and its events as kind and payload. */
export interface Told {
  command: string;
  position: number;
  events: ToldEvent[];
}

/** One event of an outcome. */
export interface ToldEvent {
  kind: string;
  payload: Record<string, unknown>;
}

/** Offer an answered call to another seat, centre or agency. */
export interface TransferCall {
  call: string;
  to: string;
}

/** How a caller is handed on. The caller is with somebody at every instant in each. */
export type TransferModel = "attended" | "blind" | "seat";

/** A way to the public network, for so many calls at once. */
export interface Trunk {
  id: string;
  carrier: string;
  capacity: number;
  emergency?: boolean;
  address?: string;
}

/** What a local word for a kind of incident means. `common` is a code of APCO ANS 2.103.2 as EIDO lists them. */
export interface TypeCode {
  word: string;
  common: string;
  group?: string;
  priority?: number;
}

/** Open a step again. */
export interface UndoStep {
  line: string;
  step: KindsStep;
  reason: string;
}

/** A requirement that lacks `missing` of its `count` units; `why` counts, by reason, the units that do not serve. */
export interface Unfilled {
  requirement: string;
  count: number;
  missing: number;
  why: Record<string, number>;
  words: string;
}

/** What a card says of one unit; a time that was not written is None. */
export interface UnitLine {
  unit: string;
  dispatched?: number | null;
  en_route?: number | null;
  on_scene?: number | null;
  available?: number | null;
}

/** Take a link back. */
export interface UnlinkIncidents {
  incident: string;
  other: string;
}

/** Take a line out of its wave, or take back that it is kept. */
export interface UnscheduleLine {
  line: string;
}

/** Let an incident wait for that unit no more. */
export interface UnstackIncident {
  incident: string;
  unit: string;
  reason: string;
}

/** Watch it no more: it was taken down on purpose. */
export interface UnwatchSource {
  source: string;
}

/** Somebody who works for the city. `person` is as whom they sign in here, "" for who does not. */
export interface User {
  id: string;
  name: string;
  department?: string;
  email?: string;
  person?: string;
}

/** A source as MapLibre takes it: the template of its tiles, their zooms, bounds in degrees, credits. */
export interface VectorSource {
  tiles: string[];
  minzoom: number;
  maxzoom: number;
  bounds: [number, number, number, number];
  attribution: string;
  type?: string;
}

/** Ask to be shown a sensitive caution, for an incident or another reason. */
export interface ViewCaution {
  caution: string;
  by: string;
  incident?: string;
  why?: string;
}

/** A message: what was recorded is a blob with this SHA-256, and nobody has written it out. */
export interface Voicemail {
  id: string;
  number: string;
  caller: string;
  left_at: number;
  length_ms: number;
  sha256: string;
  heard_at?: number | null;
}

/** How many incidents waited for their first unit at a moment. */
export interface Waiting {
  at: number;
  incidents: number;
}

/** Give up what is missing of a need, by name and with a reason; `count` of it, 0 for all that is missing. */
export interface WaiveNeed {
  incident: string;
  need: string;
  by: string;
  reason: string;
  count?: number;
}

/** A caution that concerns the place: here, nearby or about someone named; `says` is what is read out. */
export interface Warned {
  caution: string;
  nearness: string;
  says: string;
  overdue: boolean;
  distance_m: number | null;
}

/** A dispatch group: the seats that watch it, into which it was combined, and its alarm when nobody does. */
export interface Watch {
  group: string;
  seats: string[];
  combined_into: string;
  alarm: CoverageAlarm | null;
}

/** Watch a source, or change what is expected of it. */
export interface WatchSource {
  source: string;
  milli_an_hour: number[];
  bears_milli: number;
}

/** Whether a plan can be taken with it. */
export type Weight = "error" | "warning";

/** The city's own words. */
export interface WordsKnown {
  codes: CodeTable;
  statuses: StatusTable;
}

/** Write to a caller from a seat, by whatever their line has; None for `channel` is that by which they wrote. */
export interface WriteText {
  leg: string;
  seat: string;
  text: string;
  channel?: Channel | null;
}

/** How far an attempt has come. `FAILED`: the path says that it cannot. */
export type PathsStep = "accepted" | "declined" | "delivered" | "failed" | "queued" | "read" | "sent";

/** Why Enter does nothing: a stable code, in words, and the part of the line that it is about. */
export interface ReadingFault {
  code: string;
  words: string;
  text?: string;
}

/** What a reviewer found. */
export type SignalsVerdict = "confirmed" | "dismissed" | "undecided";

/** The service that is asked: so many percent within so many seconds, and by whom. */
export interface NeededAsked {
  percent: number;
  within_s: number;
  by: string;
}

/** An entry that cannot be meant: where it stands (`line` 0 where nobody can say) and what was expected. */
export interface FaultsFault {
  entry: string;
  expected: string;
  line?: number;
}

/** How an answer was found. */
export type ResolvingWay = "group_default" | "last_resort" | "rule";

/** What decides about a unit. Up to `OVER_CEILING` in the order in which it is asked (dispatch reference, 5). */
export type ReasonsReason = "CAPABILITY" | "CHOSEN" | "CREW_COMMITTED" | "EXCLUDED" | "NOT_AVAILABLE" | "NO_AGREEMENT" | "NO_POSITION" | "OUTRANKED" | "OVER_CEILING" | "SLOWER" | "STAFFING" | "STALE_POSITION" | "UNREACHABLE";

/** What was decided about one unit. Numbers that do not belong to its reason stay at their defaults. */
export interface ReasonsVerdict {
  unit: string;
  kind: string;
  reason: ReasonsReason;
  words: string;
  requirement?: string;
  travel_s?: number | null;
  arrival_s?: number | null;
  low_s?: number | null;
  high_s?: number | null;
  behind_s?: number | null;
  against?: string;
  position?: string;
  age_s?: number | null;
  penalty_s?: number;
  status?: string;
  incident?: string;
  missing?: string[];
  have?: number | null;
  need?: number | null;
  other?: string;
  agency?: string;
  rule?: string;
  road?: string;
  ceiling_s?: number | null;
}

/** One thing to do: with which targets, for how long (0: until somebody ends it), and why. */
export interface PortsStep {
  kind: StepKind;
  targets?: string[];
  seconds?: number;
  number?: string;
  why?: string;
  group?: string;
  sound?: string;
}

/** What a call becomes, in one word. */
export type TraceVerdict = "callback" | "emergency" | "inside" | "outside" | "refused";

/** On which kind of line a leg came: they are kept apart from the first packet on. */
export type CommsLineKind = "911" | "admin" | "phone" | "test";

/** Why we place a leg. */
export type CommsReason = "call" | "callback" | "conference" | "phone";

/** What runs over a line. */
export type KindsLineKind = "centrex" | "data" | "elevator" | "emergency_trunk" | "fax" | "fire_alarm" | "other" | "pots" | "pri" | "scada" | "security_alarm" | "t1" | "trunk";

/** A step of a line's cut-over, in order. The last one, that a bill shows it gone, is nobody's to tick. */
export type KindsStep = "disconnected" | "location_tested" | "notification_tested" | "ported" | "tested";

/** What becomes of a line: its work goes elsewhere, or nobody needs it. */
export type KindsWay = "disconnect" | "migrate";

/** A statement: `rest` is what it asks of the account and of no line. */
export interface BillsAsked {
  provider: string;
  account: string;
  month: string;
  charges?: Charge[];
  rest?: Amounts;
}

/** What each path takes. */
export interface Commands {
  "/api/access/adopt-policy": AdoptPolicy;
  "/api/access/bootstrap": Bootstrap;
  "/api/access/break-glass": BreakGlass;
  "/api/access/end-emergency": EndEmergency;
  "/api/access/end-sessions": EndSessions;
  "/api/access/enroll-person": EnrollPerson;
  "/api/access/grant-role": GrantRole;
  "/api/access/record-read-allowed": RecordReadAllowed;
  "/api/access/record-read-refused": RecordReadRefused;
  "/api/access/record-sign-in": RecordSignIn;
  "/api/access/record-sign-in-failed": RecordSignInFailed;
  "/api/access/record-sign-out": RecordSignOut;
  "/api/access/restore-person": RestorePerson;
  "/api/access/revoke-role": RevokeRole;
  "/api/access/suspend-person": SuspendPerson;
  "/api/comms/answer-leg": AnswerLeg;
  "/api/comms/ask-rebid": AskRebid;
  "/api/comms/begin-storm": BeginStorm;
  "/api/comms/begin-transfer": BeginTransfer;
  "/api/comms/close-lost-caller": CloseLostCaller;
  "/api/comms/decline-offer": DeclineOffer;
  "/api/comms/dismiss-leg": DismissLeg;
  "/api/comms/end-leg": EndLeg;
  "/api/comms/end-storm": EndStorm;
  "/api/comms/fail-recording": FailRecording;
  "/api/comms/hear-key": HearKey;
  "/api/comms/hear-recording": HearRecording;
  "/api/comms/hear-text": HearText;
  "/api/comms/hold-leg": HoldLeg;
  "/api/comms/join-leg": JoinLeg;
  "/api/comms/keep-segment": KeepSegment;
  "/api/comms/leave-leg": LeaveLeg;
  "/api/comms/move-leg": MoveLeg;
  "/api/comms/offer-leg": OfferLeg;
  "/api/comms/place-leg": PlaceLeg;
  "/api/comms/progress-leg": ProgressLeg;
  "/api/comms/relocate-leg": RelocateLeg;
  "/api/comms/remove-queue": RemoveQueue;
  "/api/comms/report-engine": ReportEngine;
  "/api/comms/resume-leg": ResumeLeg;
  "/api/comms/set-agent-state": SetAgentState;
  "/api/comms/set-queue": SetQueue;
  "/api/comms/settle-text": SettleText;
  "/api/comms/settle-transfer": SettleTransfer;
  "/api/comms/sign-off-agent": SignOffAgent;
  "/api/comms/sign-on-agent": SignOnAgent;
  "/api/comms/tag-leg": TagLeg;
  "/api/comms/take-ali": TakeAli;
  "/api/comms/take-leg": TakeLeg;
  "/api/comms/write-text": WriteText;
  "/api/dispatch/abandon-call": AbandonCall;
  "/api/dispatch/acknowledge-coverage": AcknowledgeCoverage;
  "/api/dispatch/acknowledge-emergency": AcknowledgeEmergency;
  "/api/dispatch/acknowledge-overdue": AcknowledgeOverdue;
  "/api/dispatch/acknowledge-warning": AcknowledgeWarning;
  "/api/dispatch/activate-plan": ActivatePlan;
  "/api/dispatch/activate-plan-unseen": ActivatePlanUnseen;
  "/api/dispatch/add-location": AddLocation;
  "/api/dispatch/add-needs": AddNeeds;
  "/api/dispatch/add-note": AddNote;
  "/api/dispatch/adopt-codes": AdoptCodes;
  "/api/dispatch/adopt-extent": AdoptExtent;
  "/api/dispatch/adopt-status-words": AdoptStatusWords;
  "/api/dispatch/answer-call": AnswerCall;
  "/api/dispatch/answer-roll": AnswerRoll;
  "/api/dispatch/answer-rotation": AnswerRotation;
  "/api/dispatch/ask-status": AskStatus;
  "/api/dispatch/assign-talkgroup": AssignTalkgroup;
  "/api/dispatch/assign-units": AssignUnits;
  "/api/dispatch/attach-call": AttachCall;
  "/api/dispatch/attempt-callback": AttemptCallback;
  "/api/dispatch/begin-shift": BeginShift;
  "/api/dispatch/borrow-unit": BorrowUnit;
  "/api/dispatch/cancel-bolo": CancelBolo;
  "/api/dispatch/change-priority": ChangePriority;
  "/api/dispatch/change-secondaries": ChangeSecondaries;
  "/api/dispatch/check-source": CheckSource;
  "/api/dispatch/choose-primary": ChoosePrimary;
  "/api/dispatch/claim-callback": ClaimCallback;
  "/api/dispatch/clear-emergency": ClearEmergency;
  "/api/dispatch/close-callback": CloseCallback;
  "/api/dispatch/close-incident": CloseIncident;
  "/api/dispatch/close-road": CloseRoad;
  "/api/dispatch/combine-groups": CombineGroups;
  "/api/dispatch/confirm-status": ConfirmStatus;
  "/api/dispatch/correct-time": CorrectTime;
  "/api/dispatch/decline-moveup": DeclineMoveUp;
  "/api/dispatch/define-group": DefineGroup;
  "/api/dispatch/delist-talkgroup": DelistTalkgroup;
  "/api/dispatch/detach-call": DetachCall;
  "/api/dispatch/disband-crew": DisbandCrew;
  "/api/dispatch/divert-call": DivertCall;
  "/api/dispatch/draft-plan": DraftPlan;
  "/api/dispatch/end-accountability": EndAccountability;
  "/api/dispatch/end-agreement": EndAgreement;
  "/api/dispatch/end-call": EndCall;
  "/api/dispatch/end-hold": EndHold;
  "/api/dispatch/end-preassignment": EndPreassignment;
  "/api/dispatch/end-shift": EndShift;
  "/api/dispatch/end-stop": EndStop;
  "/api/dispatch/enroll-recipient": EnrollRecipient;
  "/api/dispatch/enroll-unit": EnrollUnit;
  "/api/dispatch/enter-card": EnterCard;
  "/api/dispatch/enter-caution": EnterCaution;
  "/api/dispatch/find-seat": FindSeat;
  "/api/dispatch/form-crew": FormCrew;
  "/api/dispatch/give-instructions": GiveInstructions;
  "/api/dispatch/grant-aid": GrantAid;
  "/api/dispatch/hold-call": HoldCall;
  "/api/dispatch/hold-incident": HoldIncident;
  "/api/dispatch/issue-bolo": IssueBolo;
  "/api/dispatch/issue-case-number": IssueCaseNumber;
  "/api/dispatch/link-incidents": LinkIncidents;
  "/api/dispatch/list-talkgroup": ListTalkgroup;
  "/api/dispatch/lock-protocol": LockProtocol;
  "/api/dispatch/lose-seat": LoseSeat;
  "/api/dispatch/make-stop": MakeStop;
  "/api/dispatch/mark-benchmark": MarkBenchmark;
  "/api/dispatch/merge-incidents": MergeIncidents;
  "/api/dispatch/move-incident": MoveIncident;
  "/api/dispatch/note-quality": NoteQuality;
  "/api/dispatch/offer-rotation": OfferRotation;
  "/api/dispatch/open-incident": OpenIncident;
  "/api/dispatch/open-roll": OpenRoll;
  "/api/dispatch/order-moveup": OrderMoveUp;
  "/api/dispatch/preassign-unit": PreassignUnit;
  "/api/dispatch/promote-location": PromoteLocation;
  "/api/dispatch/raise-alarm": RaiseAlarm;
  "/api/dispatch/raise-emergency": RaiseEmergency;
  "/api/dispatch/raise-follow-up": RaiseFollowUp;
  "/api/dispatch/read-back-address": ReadBackAddress;
  "/api/dispatch/receive-call": ReceiveCall;
  "/api/dispatch/record-agreement": RecordAgreement;
  "/api/dispatch/record-answer": RecordAnswer;
  "/api/dispatch/record-override": RecordOverride;
  "/api/dispatch/record-plan-check": RecordPlanCheck;
  "/api/dispatch/record-plan-replay": RecordPlanReplay;
  "/api/dispatch/record-recommendation": RecordRecommendation;
  "/api/dispatch/refuse-aid": RefuseAid;
  "/api/dispatch/reinstate-need": ReinstateNeed;
  "/api/dispatch/release-talkgroup": ReleaseTalkgroup;
  "/api/dispatch/release-unit": ReleaseUnit;
  "/api/dispatch/relieve-seat": RelieveSeat;
  "/api/dispatch/remove-caution": RemoveCaution;
  "/api/dispatch/remove-recipient": RemoveRecipient;
  "/api/dispatch/renew-caution": RenewCaution;
  "/api/dispatch/reopen-incident": ReopenIncident;
  "/api/dispatch/reopen-road": ReopenRoad;
  "/api/dispatch/report-bolo-heard": ReportBoloHeard;
  "/api/dispatch/report-discrepancy": ReportDiscrepancy;
  "/api/dispatch/report-receipt": ReportReceipt;
  "/api/dispatch/report-status": ReportStatus;
  "/api/dispatch/report-voiced": ReportVoiced;
  "/api/dispatch/request-aid": RequestAid;
  "/api/dispatch/request-contractor": RequestContractor;
  "/api/dispatch/reserve-cards": ReserveCards;
  "/api/dispatch/resolve-follow-up": ResolveFollowUp;
  "/api/dispatch/restore-contractor": RestoreContractor;
  "/api/dispatch/resume-call": ResumeCall;
  "/api/dispatch/retire-call": RetireCall;
  "/api/dispatch/retire-incident": RetireIncident;
  "/api/dispatch/retire-plan": RetirePlan;
  "/api/dispatch/retype-incident": RetypeIncident;
  "/api/dispatch/review-plan-replay": ReviewPlanReplay;
  "/api/dispatch/review-suspect": ReviewSuspect;
  "/api/dispatch/send-live-bolos": SendLiveBolos;
  "/api/dispatch/set-determinant": SetDeterminant;
  "/api/dispatch/set-needs": SetNeeds;
  "/api/dispatch/set-rotation": SetRotation;
  "/api/dispatch/settle-card": SettleCard;
  "/api/dispatch/sign-off": SignOff;
  "/api/dispatch/sign-on": SignOn;
  "/api/dispatch/sign-protocol": SignProtocol;
  "/api/dispatch/split-group": SplitGroup;
  "/api/dispatch/split-incident": SplitIncident;
  "/api/dispatch/stack-incident": StackIncident;
  "/api/dispatch/start-accountability": StartAccountability;
  "/api/dispatch/suggest-moveup": SuggestMoveUp;
  "/api/dispatch/suspend-contractor": SuspendContractor;
  "/api/dispatch/swap-units": SwapUnits;
  "/api/dispatch/tag-from-paper": TagFromPaper;
  "/api/dispatch/take-back-benchmark": TakeBackBenchmark;
  "/api/dispatch/take-voice": TakeVoice;
  "/api/dispatch/transfer-call": TransferCall;
  "/api/dispatch/unlink-incidents": UnlinkIncidents;
  "/api/dispatch/unstack-incident": UnstackIncident;
  "/api/dispatch/unwatch-source": UnwatchSource;
  "/api/dispatch/view-caution": ViewCaution;
  "/api/dispatch/waive-need": WaiveNeed;
  "/api/dispatch/watch-source": WatchSource;
  "/api/kernel/activate-kinds": ActivateKinds;
  "/api/kernel/declare-node": DeclareNode;
  "/api/kernel/dismiss-node": DismissNode;
  "/api/kernel/resume-domain": ResumeDomain;
  "/api/phones/acknowledge-notice": AcknowledgeNotice;
  "/api/phones/add-device": AddDevice;
  "/api/phones/adopt-plan": AdoptPlan;
  "/api/phones/answer-call": AnswerPhoneCall;
  "/api/phones/ask-my-pin": AskMyPin;
  "/api/phones/assign-number": AssignNumber;
  "/api/phones/begin-call": BeginPhoneCall;
  "/api/phones/confirm-notice": ConfirmNotice;
  "/api/phones/drop-at-phone": DropAtPhone;
  "/api/phones/drop-voicemail": DropVoicemail;
  "/api/phones/end-call": EndPhoneCall;
  "/api/phones/enroll-user": EnrollUser;
  "/api/phones/hand-on-call": HandOnCall;
  "/api/phones/hear-at-phone": HearAtPhone;
  "/api/phones/hear-voicemail": HearVoicemail;
  "/api/phones/import-people": ImportPeople;
  "/api/phones/keep-hours": KeepHours;
  "/api/phones/keep-site": KeepSite;
  "/api/phones/keep-trunk": KeepTrunk;
  "/api/phones/leave-voicemail": LeaveVoicemail;
  "/api/phones/move-device": MoveDevice;
  "/api/phones/open-box": OpenBox;
  "/api/phones/park-call": ParkCall;
  "/api/phones/pick-up": PickUp;
  "/api/phones/place-my-softphone": PlaceMySoftphone;
  "/api/phones/propose-plan": ProposePlan;
  "/api/phones/refuse-pin": RefusePin;
  "/api/phones/refuse-registration": RefuseRegistration;
  "/api/phones/release-number": ReleaseNumber;
  "/api/phones/remove-device": RemoveDevice;
  "/api/phones/remove-hours": RemoveHours;
  "/api/phones/remove-site": RemoveSite;
  "/api/phones/remove-trunk": RemoveTrunk;
  "/api/phones/remove-user": RemoveUser;
  "/api/phones/report-device": ReportDevice;
  "/api/phones/report-trunk": ReportTrunk;
  "/api/phones/send-text": SendText;
  "/api/phones/set-forwarding": SetForwarding;
  "/api/phones/set-greeting": SetGreeting;
  "/api/phones/set-greeting-at-phone": SetGreetingAtPhone;
  "/api/phones/set-my-forwarding": SetMyForwarding;
  "/api/phones/set-my-pin": SetMyPin;
  "/api/phones/set-my-presence": SetMyPresence;
  "/api/phones/set-pin-at-phone": SetPinAtPhone;
  "/api/phones/set-presence": SetPresence;
  "/api/savings/block-line": BlockLine;
  "/api/savings/confirm-demand": ConfirmDemand;
  "/api/savings/describe-line": DescribeLine;
  "/api/savings/drop-cost": DropCost;
  "/api/savings/keep-line": KeepLine;
  "/api/savings/plan-wave": PlanWave;
  "/api/savings/schedule-lines": ScheduleLines;
  "/api/savings/set-baseline": SetBaseline;
  "/api/savings/set-cost": SetCost;
  "/api/savings/take-bills": TakeBills;
  "/api/savings/take-step": TakeStep;
  "/api/savings/undo-step": UndoStep;
  "/api/savings/unschedule-line": UnscheduleLine;
  "/api/secrets/confirm-erasure": ConfirmErasure;
  "/api/secrets/declare-class": DeclareClass;
  "/api/secrets/expunge": Expunge;
  "/api/secrets/lift-hold": LiftHold;
  "/api/secrets/place-hold": PlaceHold;
}

// Why a role looks back, as the policies ask for it; what is read for a purpose is recorded under the reader's name.
const PURPOSES: Record<string, { purpose: string; says: string }> = {
  supervisor: { purpose: 'quality_review', says: 'a review of how calls were handled' },
  auditor: { purpose: 'audit', says: 'an audit' },
};

/** The purpose under which someone in these roles may look at the past; undefined for who may not. */
export const purposeFor = (roles: readonly string[]): { purpose: string; says: string } | undefined =>
  roles.map((role) => PURPOSES[role]).find((one) => one !== undefined);

const RELIEVED = ['supervisor', 'dispatcher', 'call_taker'];

/** Who is told what changed when they take over: the floor, without a purpose. */
export const isRelieved = (roles: readonly string[]): boolean => roles.some((role) => RELIEVED.includes(role));

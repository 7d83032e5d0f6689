// Written by npm run generate from tools/resources/googleworkspace.ts.
export { Provider, ProviderArgs } from "./provider";
export { Domain, DomainArgs, DomainState } from "./domain";
export { DomainAlias, DomainAliasArgs, DomainAliasState } from "./domainAlias";
export { Group, GroupArgs, GroupState } from "./group";
export { GroupMember, GroupMemberArgs, GroupMemberState } from "./groupMember";
export { GroupMembers, GroupMembersArgs, GroupMembersState } from "./groupMembers";
export { GroupSettings, GroupSettingsArgs, GroupSettingsState } from "./groupSettings";
export { OrgUnit, OrgUnitArgs, OrgUnitState } from "./orgUnit";
export { Role, RoleArgs, RoleState } from "./role";
export { RoleAssignment, RoleAssignmentArgs, RoleAssignmentState } from "./roleAssignment";
export { User, UserArgs, UserState } from "./user";

-- Who sees what: a firm its own work and the names of those who do it, a paralegal what is theirs, the suite's own
-- staff everything. Pay, costs and plans are never a firm's to see.

-- app_sees_firm(null) holds in the scope of every firm alone: a row of no firm is seen in no other.

alter table paralegals enable row level security;
alter table paralegals force row level security;
create policy paralegals_scope on paralegals to caseload_app
    using (app_sees_firm(null) or paralegal_id = app_paralegal())
    with check (app_sees_firm(null));
-- A firm sees who is or was offered its work: the assignments that this looks at are those that the firm sees.
create policy paralegals_of_firm on paralegals for select to caseload_app
    using (
        app_paralegal() is null
        and exists (select from assignments where assignments.paralegal_id = paralegals.paralegal_id)
    );

alter table paralegal_skills enable row level security;
alter table paralegal_skills force row level security;
create policy paralegal_skills_scope on paralegal_skills to caseload_app
    using (app_sees_firm(null) or paralegal_id = app_paralegal())
    with check (app_sees_firm(null));

alter table paralegal_pay enable row level security;
alter table paralegal_pay force row level security;
create policy paralegal_pay_scope on paralegal_pay to caseload_app
    using (app_sees_firm(null) or paralegal_id = app_paralegal())
    with check (app_sees_firm(null));

alter table paralegal_project_pay enable row level security;
alter table paralegal_project_pay force row level security;
create policy paralegal_project_pay_scope on paralegal_project_pay to caseload_app
    using (app_sees_firm(null) or paralegal_id = app_paralegal())
    with check (app_sees_firm(null));

alter table firms enable row level security;
alter table firms force row level security;
create policy firms_scope on firms to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table matters enable row level security;
alter table matters force row level security;
create policy matters_scope on matters to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table tasks enable row level security;
alter table tasks force row level security;
create policy tasks_scope on tasks to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));
create policy tasks_of_paralegal on tasks for select to caseload_app
    using (exists (
        select from assignments
        where assignments.firm_id = tasks.firm_id and assignments.task_id = tasks.task_id
            and assignments.paralegal_id = app_paralegal()
    ));

alter table assignments enable row level security;
alter table assignments force row level security;
create policy assignments_scope on assignments to caseload_app
    using (app_sees_firm(firm_id) or paralegal_id = app_paralegal())
    with check (app_sees_firm(firm_id) or paralegal_id = app_paralegal());

alter table assignment_terms enable row level security;
alter table assignment_terms force row level security;
create policy assignment_terms_scope on assignment_terms to caseload_app
    using (app_sees_firm(null) or paralegal_id = app_paralegal())
    with check (app_sees_firm(null));

alter table plans enable row level security;
alter table plans force row level security;
create policy plans_scope on plans to caseload_app
    using (app_sees_firm(null)) with check (app_sees_firm(null));

alter table plan_assignments enable row level security;
alter table plan_assignments force row level security;
create policy plan_assignments_scope on plan_assignments to caseload_app
    using (app_sees_firm(null)) with check (app_sees_firm(null));

alter table plan_unplaced_tasks enable row level security;
alter table plan_unplaced_tasks force row level security;
create policy plan_unplaced_tasks_scope on plan_unplaced_tasks to caseload_app
    using (app_sees_firm(null)) with check (app_sees_firm(null));

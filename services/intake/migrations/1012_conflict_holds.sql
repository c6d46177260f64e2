-- Who put a task on hold: what a conflict check holds goes on when the check lets it, and not before.
alter table tasks
    add column hold_cause text not null default 'caller' check (hold_cause in ('caller', 'conflict')),
    add constraint tasks_hold_cause check (hold_cause = 'caller' or state = 'on_hold');

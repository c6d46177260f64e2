-- Whether the other services were told of a task's due time. A change of the due time makes both untrue again.
alter table tasks
    add column due_soon_told boolean not null default false,
    add column overdue_told boolean not null default false;

-- For those who look for what is still to be told, among all firms: what was told, and what is done, is not in them.
create index tasks_due_soon_untold on tasks (due_time, task_id)
    where not due_soon_told and state not in ('delivered', 'accepted', 'cancelled');
create index tasks_overdue_untold on tasks (due_time, task_id)
    where not overdue_told and state not in ('delivered', 'accepted', 'cancelled');

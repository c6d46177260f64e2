-- For the figures of the tasks that a firm accepted in a period.
create index tasks_by_accept_time on tasks (firm_id, accept_time) where accept_time is not null;

-- Approved time is a fact. All that can still happen to it is that it is reversed, once, and then nothing.

create function time_entries_keep_approved() returns trigger
    language plpgsql as
$$
declare
    -- What a reversal sets. The span is set by the database.
    reversal constant text[] := array[
        'state', 'reverse_actor', 'reverse_time', 'reverse_reason', 'replacement_id', 'version', 'update_time', 'span'
    ];
begin
    if tg_op = 'UPDATE' and old.state = 'approved' and new.state = 'reversed'
        and to_jsonb(old) - reversal = to_jsonb(new) - reversal
    then
        return new;
    end if;
    raise exception 'time entry % is %, and never changes', old.id, old.state
        using errcode = 'integrity_constraint_violation', constraint = 'time_entries_keep_approved';
end
$$;

create trigger time_entries_keep_approved
    before update or delete on time_entries
    for each row when (old.state in ('approved', 'reversed'))
    execute function time_entries_keep_approved();

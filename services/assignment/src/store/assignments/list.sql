-- A page of assignments, the newest first, after one.
select a.firm_id, a.assignment_id, a.version, a.task_id, a.matter_id, a.paralegal_id, a.state,
  a.offer_time, a.answer_by_time, a.accept_time, a.end_time, a.end_reason, a.update_time,
  t.title as "title?", t.due_time as "due_time?", p.given_name, p.family_name,
  x.plan_id as "plan_id?", x.effort_seconds as "effort_seconds?", x.currency as "currency?",
  x.hourly_rate as "hourly_rate?", x.project_fee_minor as "project_fee_minor?",
  x.pay_minor as "pay_minor?", x.lateness_minor as "lateness_minor?", x.load_minor as "load_minor?",
  x.over_qualification_minor as "over_qualification_minor?"
from assignments as a
join paralegals as p on p.paralegal_id = a.paralegal_id
left join tasks as t on t.firm_id = a.firm_id and t.task_id = a.task_id
left join assignment_terms as x on x.firm_id = a.firm_id and x.assignment_id = a.assignment_id
where ($1::uuid is null or a.firm_id = $1)
    and ($2::uuid is null or a.assignment_id < $2)
    and (cardinality($3::text[]) = 0 or a.state = any($3))
    and ($4::uuid is null or a.firm_id = $4)
    and ($5::uuid is null or a.task_id = $5)
    and ($6::uuid is null or a.matter_id = $6)
    and ($7::uuid is null or a.paralegal_id = $7)
    and ($8::uuid is null or a.paralegal_id = $8)
order by a.assignment_id desc
limit $9

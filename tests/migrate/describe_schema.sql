-- The schema in lines of text, the same on every supported PostgreSQL.
WITH ours AS (
    SELECT oid, relname, relkind FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%yoyo%'
)
SELECT line FROM (
SELECT format('%s %s', CASE relkind WHEN 'v' THEN 'view' ELSE 'table' END, relname) AS line, relname AS thing, 0 AS place
FROM ours WHERE relkind IN ('r', 'v')
UNION ALL
SELECT format('    %s %s%s%s', attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END,
              ' DEFAULT ' || pg_get_expr(adbin, adrelid)), relname, attnum
FROM ours JOIN pg_attribute ON attrelid = ours.oid LEFT JOIN pg_attrdef ON adrelid = ours.oid AND adnum = attnum
WHERE relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT format('    CONSTRAINT %s %s', conname, pg_get_constraintdef(c.oid)), relname, 1000 + row_number() OVER (ORDER BY conname)
FROM ours JOIN pg_constraint AS c ON conrelid = ours.oid WHERE contype <> 'n'
UNION ALL
SELECT '    ' || regexp_replace(pg_get_indexdef(ours.oid), ' ON public\.\w+ USING btree', ''), t.relname,
       2000 + row_number() OVER (ORDER BY ours.relname)
FROM ours JOIN pg_index ON indexrelid = ours.oid JOIN pg_class AS t ON t.oid = indrelid
WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = ours.oid AND contype IN ('p', 'u'))
UNION ALL
SELECT '    ' || replace(replace(pg_get_triggerdef(g.oid), ' ON public.' || relname, ''), 'public.', ''), relname,
       3000 + row_number() OVER (ORDER BY tgname)
FROM ours JOIN pg_trigger AS g ON tgrelid = ours.oid WHERE NOT tgisinternal
UNION ALL
SELECT format('function %s(%s) RETURNS %s%s%s', proname, pg_get_function_arguments(oid), pg_get_function_result(oid),
              CASE provolatile WHEN 's' THEN ' STABLE' WHEN 'i' THEN ' IMMUTABLE' ELSE '' END,
              CASE WHEN prosecdef THEN ' SECURITY DEFINER' ELSE '' END),
       '~' || proname, 0
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS described
ORDER BY thing COLLATE "C", place

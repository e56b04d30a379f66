package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import io.qscope.sql.SqlDialect;
import io.qscope.store.MissingReferenceException;
import io.qscope.store.Page;
import io.qscope.store.Storage;
import io.qscope.tck.EveryCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How the server itself ran each statement, in tables of some size that it has counted: by an index, with a condition, without
 * passing over what it was not asked for. What it notes are the plans that it used, with those of the cascades.
 */
@Tag("long")
@Timeout(300)
class PlansTest {

    private static final String SCHEMA = "plans";

    private static final int FAMILIES = 20_000;

    /** The access tokens, with some more that calls make. */
    private static final int LARGEST_TABLE = 5 * FAMILIES + FAMILIES;

    private static final String[] NOTING_PLANS = {
        "session_preload_libraries=auto_explain",
        "auto_explain.log_min_duration=0",
        "auto_explain.log_analyze=on",
        "auto_explain.log_timing=off",
        "auto_explain.log_nested_statements=on",
        "auto_explain.log_parameter_max_length=0",
        "log_line_prefix=#### "
    };

    /** Statements that no call runs on PostgreSQL, and why. */
    private static final Map<String, String> NOT_RUN = Map.of(
            "SqlChainedSession.IS_STORED",
            "asked after a commit in doubt; here that ends the connection, and its chain with it");

    /** It counts all rows, and nothing but an operator's command asks for that. */
    private static final String COUNTS_ALL = "SELECT 'CLIENTS', count(*)";

    /**
     * It looks at all rows that a key has hashed, and only who retires a key asks for that. Those have indexes of their own, but what
     * the server takes for the shorter way may be all that have not expired, or all roots: so no more is asked than that it reads no
     * row twice.
     */
    private static final String LOOKS_FOR_KEYS = "SELECT t.code_key_id";

    /**
     * Revoking or purging many rows, or all but the newest: what to begin with depends on how much that is, so these wait for
     * the server to count the rows, which it does within minutes (autovacuum).
     */
    private static final Pattern REVOKES_MANY = Pattern.compile("WITH (?:due|oldest) AS MATERIALIZED \\(");

    private static final String ROOTS = "oauth_authorizations";

    /** One row for each connection that writes, so one page or a few. */
    private static final String SMALL = "oauth_audit_heads";

    /** What may be looked at beside what is wanted: a family's or a user's few other rows. */
    private static final int MOST_REMOVED = 20;

    /** How many rows a step may find for each that the statement returns or writes. */
    private static final int MOST_FOR_EACH = 2;

    /**
     * Roots that were revoked long ago and stay, since their tokens live on: a purge has to pass by them, and only what it reads for that may
     * be as much as they are.
     */
    private static final String REVOKED_LONG_AGO = """
            INSERT INTO oauth_authorizations
            SELECT 'revoked-' || lpad(i::text, 9, '0'), 1, 'large', 'revoked-' || i, '', '{}', 1000 + i, NULL, 0, 'fill', 4000000000000,
                   'fill'
              FROM generate_series(0, 499) i;
            INSERT INTO oauth_refresh_tokens
            SELECT 'revoked-' || i, 1, sha256(('revoked-' || i)::bytea), NULL, 'large', 'revoked-' || i, 'revoked-' || lpad(i::text, 9, '0'),
                   NULL, NULL, 'read', 4000000000000, NULL, NULL, 0, NULL, NULL, '{}', 0, 'fill', 0, 'fill'
              FROM generate_series(0, 499) i;
            ANALYZE;""";

    /** Enough to wait for each other. */
    private static final int CALLERS = 8;

    private static final int ROUNDS = 3;

    /** A statement as it was run. */
    private record Plan(String query, List<String> lines) {}

    private static final Pattern NOTED = Pattern.compile(
            "^#### LOG:  duration: [^\\n]* plan:\\n(.*?)(?=^#### )", Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern SCAN =
            Pattern.compile("(Seq Scan|Index (?:Only )?Scan|Bitmap Index Scan|Bitmap Heap Scan|Tid(?: Range)? Scan)"
                    + "(?: Backward)?(?: using \\S+)? on (oauth_\\w+)");

    private static final Pattern REMOVED = Pattern.compile("Rows Removed by [\\w ]+: (\\d+)");

    private static final Pattern ACTUAL = Pattern.compile("\\(actual rows=([\\d.]+) loops=(\\d+)\\)");

    private static final Pattern WRITES = Pattern.compile("^\\s*(?:-> +)?(?:Insert|Update|Delete) on ");

    @Test
    void everyStatementFindsItsRowsByAnIndexAndACondition() throws Exception {
        try (OwnServer server = OwnServer.started(NOTING_PLANS)) {
            String location =
                    "postgresql://postgres@127.0.0.1:" + server.port() + "/postgres?sslmode=disable&schema=" + SCHEMA;
            PostgresqlStorage.builder(location).migrating(true).open().close();
            server.run("SET auto_explain.log_min_duration = -1; SET search_path = " + SCHEMA + "; "
                    + Filling.living(FAMILIES) + Filling.large(FAMILIES / 4)
                    // So many that looking at all of them is worse than looking for as many as travel together.
                    + Filling.clients(20_000) + REVOKED_LONG_AGO);
            List<Plan> plans = new ArrayList<>();
            for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
                server.run("ALTER DATABASE postgres SET plan_cache_mode = " + mode);
                plans.addAll(plansOfEveryCall(server, location));
                List<Plan> shared = plansOfSharedCalls(server, location);
                assertThat(shared.stream()
                                .map(Plan::query)
                                .filter(query -> query.contains("WITH ORDINALITY"))
                                .distinct())
                        .as("statements for many calls at once")
                        .hasSizeGreaterThan(25);
                plans.addAll(shared);
            }
            assertThat(notRun(plans))
                    .as("statements of io.qscope.sql that EveryCall does not run")
                    .isEmpty();
            assertThat(plans.stream().filter(plan -> plan.query().startsWith("DELETE FROM ONLY")))
                    .as("cascades")
                    .isNotEmpty();
            Set<String> faults = new TreeSet<>();
            plans.forEach(plan -> faults.addAll(faults(plan)));
            assertThat(faults).isEmpty();
        }
    }

    /** Plans are kept, and those of a server that was installed this morning were made when there was nothing to look through. */
    @Test
    void whatWasPlannedInAnEmptyDatabaseGoesByKeysWhenItHasGrown() throws Exception {
        List<String> settings = new ArrayList<>(List.of(NOTING_PLANS));
        // Nobody counts the rows, and so nobody has the server plan anew.
        settings.add("autovacuum=off");
        try (OwnServer server = OwnServer.started(settings.toArray(String[]::new))) {
            String location =
                    "postgresql://postgres@127.0.0.1:" + server.port() + "/postgres?sslmode=disable&schema=" + SCHEMA;
            try (Storage storage = PostgresqlStorage.builder(location)
                    .migrating(true)
                    .connections(1)
                    .readers(1)
                    .keys(KeyRing.of(Key.generate("test")))
                    .open()) {
                server.run("ANALYZE");
                EveryCall.on(storage, new Random());
                server.run("SET auto_explain.log_min_duration = -1; SET search_path = " + SCHEMA + "; "
                        + Filling.living(FAMILIES).replace("ANALYZE;", ""));
                int before = server.said().length();

                EveryCall.on(storage, new Random());

                List<Plan> plans = plans(server.said().substring(before) + "#### end");
                plans.removeIf(plan -> REVOKES_MANY.matcher(plan.query()).find());
                assertThat(plans).hasSizeGreaterThan(70);
                Set<String> faults = new TreeSet<>();
                plans.forEach(plan -> faults.addAll(faults(plan)));
                assertThat(faults).isEmpty();
            }
        }
    }

    private static List<Plan> plansOfEveryCall(OwnServer server, String location) throws Exception {
        int before = server.said().length();
        try (Storage storage = PostgresqlStorage.builder(location)
                .keys(KeyRing.of(Key.generate("test")))
                .open()) {
            EveryCall.on(storage, new Random());
            // A large part of the table, and nowhere near its beginning.
            storage.authorizations()
                    .listByClient("large", Page.first(25), RayId.random())
                    .get(10, TimeUnit.SECONDS);
        }
        return plans(server.said().substring(before) + "#### end");
    }

    /** Whatever is called by several at once, with one connection each to travel by. */
    private static List<Plan> plansOfSharedCalls(OwnServer server, String location) throws Exception {
        int before = server.said().length();
        try (Storage storage = PostgresqlStorage.builder(location)
                .connections(1)
                .readers(1)
                .keys(KeyRing.of(Key.generate("test")))
                .open()) {
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
            for (int i = 0; i < CALLERS; i++) {
                callers.add(CompletableFuture.runAsync(() -> callAllOften(storage), threads));
            }
            CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            threads.shutdown();
        }
        return plans(server.said().substring(before) + "#### end");
    }

    private static void callAllOften(Storage storage) {
        for (int round = 0; round < ROUNDS; round++) {
            try {
                EveryCall.on(storage, new Random());
            } catch (AssertionError purged) {
                // Each of them purges, too, and so takes away the roots that another one has just made. How a call ends
                // is not looked at here.
                assertThat(purged).hasStackTraceContaining(MissingReferenceException.class.getName());
            }
        }
    }

    private static List<Plan> plans(String log) {
        List<Plan> plans = new ArrayList<>();
        Matcher noted = NOTED.matcher(log);
        while (noted.find()) {
            String[] lines = noted.group(1).replaceAll("(?m)^\\t", "").split("\\n", -1);
            int first = 0;
            while (!lines[first].contains("(cost=")) {
                first++;
            }
            String query = String.join("\n", List.of(lines).subList(0, first)).replaceFirst("^Query Text: ", "");
            plans.add(new Plan(query, List.of(lines).subList(first, lines.length)));
        }
        return plans;
    }

    private static Set<String> notRun(List<Plan> plans) throws Exception {
        Map<String, String> missing = new TreeMap<>(SqlStatements.all());
        assertThat(missing).hasSizeGreaterThan(70).containsKeys(NOT_RUN.keySet().toArray(new String[0]));
        missing.keySet().removeAll(NOT_RUN.keySet());
        Set<String> run = plans.stream().map(Plan::query).collect(Collectors.toSet());
        missing.values().removeIf(text -> {
            String rendered = SqlDialect.POSTGRESQL.render(text, '"' + SCHEMA + '"');
            return run.stream().anyMatch(query -> query.contains(rendered));
        });
        return missing.keySet();
    }

    private static Set<String> faults(Plan plan) {
        Set<String> faults = new TreeSet<>();
        if (plan.query().startsWith(COUNTS_ALL)) {
            return faults;
        }
        boolean forKeys = plan.query().startsWith(LOOKS_FOR_KEYS);
        long most = MOST_REMOVED + (forKeys ? LARGEST_TABLE : MOST_FOR_EACH * wanted(plan.lines()));
        for (int i = 0; i < plan.lines().size(); i++) {
            Matcher scan = SCAN.matcher(plan.lines().get(i));
            if (!scan.find()
                    || scan.group(2).equals(SMALL)
                    || (forKeys && scan.group(2).startsWith(ROOTS))) {
                continue;
            }
            String details = details(plan.lines(), i);
            boolean byCondition =
                    details.contains(scan.group(1).equals("Bitmap Heap Scan") ? "Recheck Cond:" : "Index Cond:")
                            || (forKeys && scan.group().contains("_by_key"));
            long removed = removed(plan.lines().get(i), details);
            if (!byCondition || removed > most || rows(plan.lines().get(i)) + (forKeys ? removed : 0) > most) {
                faults.add(plan.lines().get(i).strip() + details + "\n  in " + plan.query());
            }
        }
        return faults;
    }

    /** What a statement returns or writes: what comes out of the whole, or goes into a step that writes. */
    private static long wanted(List<String> lines) {
        long wanted = rows(lines.get(0));
        for (int i = 0; i < lines.size(); i++) {
            if (WRITES.matcher(lines.get(i)).find()) {
                int input = i + 1;
                while (input < lines.size() && !lines.get(input).contains("(cost=")) {
                    input++;
                }
                wanted = Math.max(wanted, input < lines.size() ? rows(lines.get(input)) : 0);
            }
        }
        return wanted;
    }

    /** What came out of a step, each time that it was run. */
    private static long rows(String step) {
        Matcher actual = ACTUAL.matcher(step);
        return actual.find() ? Math.round(Double.parseDouble(actual.group(1)) * Long.parseLong(actual.group(2))) : 0;
    }

    /** What a step looked at and passed over, each time that it was run: a plan has the mean. */
    private static long removed(String step, String details) {
        Matcher actual = ACTUAL.matcher(step);
        long runs = actual.find() ? Long.parseLong(actual.group(2)) : 0;
        return runs
                * REMOVED.matcher(details)
                        .results()
                        .mapToLong(found -> Long.parseLong(found.group(1)))
                        .sum();
    }

    /** What is said of a step, up to the next. */
    private static String details(List<String> lines, int step) {
        StringBuilder details = new StringBuilder();
        for (int i = step + 1; i < lines.size() && !lines.get(i).contains("(cost="); i++) {
            details.append("\n    ").append(lines.get(i).strip());
        }
        return details.toString();
    }
}

package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a {@link FailoverClient} logged, to be held against the rows. */
final class FailoverRecord {

    private final Set<String> tokens = new HashSet<>();
    private final Set<String> codes = new HashSet<>();
    private final Set<String> units = new HashSet<>();

    /** The winner of each raced code. */
    private final Map<String, String> winners = new HashMap<>();

    private final Map<String, Integer> losers = new HashMap<>();
    private int acknowledged;
    private int unknown;
    private int foundApplied;
    private int foundAbsent;
    private int refused;
    private long lastMillis;
    private long longestPauseMillis;

    private FailoverRecord() {}

    static FailoverRecord of(List<String> lines) {
        FailoverRecord record = new FailoverRecord();
        lines.forEach(record::read);
        return record;
    }

    private void read(String line) {
        String[] words = line.split(" ", -1);
        switch (words[1]) {
            case "acknowledged" -> acknowledged(Long.parseLong(words[0]), words[2], words[3]);
            case "won" -> {
                assertThat(winners.put(words[3], words[4]))
                        .as("another winner of the code %s", words[3])
                        .isNull();
                count(Long.parseLong(words[0]));
            }
            case "lost" -> losers.merge(words[3], 1, Integer::sum);
            case "unknown" -> unknown++;
            case "refused" -> refused++;
            case "found" -> {
                if (line.endsWith(" applied")) {
                    foundApplied++;
                } else {
                    foundAbsent++;
                }
            }
            default -> throw new AssertionError("the client was told: " + line);
        }
    }

    private void acknowledged(long millis, String kind, String name) {
        Set<String> of = switch (kind) {
            case "token" -> tokens;
            case "code" -> codes;
            default -> units;
        };
        assertThat(of.add(name)).as("%s %s is acknowledged once", kind, name).isTrue();
        count(millis);
    }

    private void count(long millis) {
        acknowledged++;
        longestPauseMillis = Math.max(longestPauseMillis, lastMillis == 0 ? 0 : millis - lastMillis);
        lastMillis = millis;
    }

    int units() {
        return units.size();
    }

    /** The client has finished, so what is stored is what was acknowledged: no less, and no more. */
    void assertStored(OwnServer server) throws SQLException {
        Map<String, @Nullable String> consumedBy = consumedBy(server);
        assertThat(consumedBy.keySet()).as("codes").isEqualTo(codes);
        Map<String, @Nullable String> expected = new HashMap<>(winners);
        units.forEach(unit -> expected.put(unit, unit));
        assertThat(consumedBy).as("who consumed the codes").isEqualTo(expected);
        winners.keySet()
                .forEach(code -> assertThat(losers.get(code))
                        .as("losers of the code %s", code)
                        .isEqualTo(FailoverWork.CALLERS - 1));
        Set<String> accessTokens = new HashSet<>(tokens);
        accessTokens.addAll(units);
        assertThat(ids(server, "oauth_access_tokens")).as("access tokens").isEqualTo(accessTokens);
        assertThat(ids(server, "oauth_refresh_tokens")).as("refresh tokens").isEqualTo(units);
        assertThat(ids(server, "oauth_audit_log WHERE id LIKE 'l%'"))
                .as("entries of the audit log")
                .isEqualTo(units);
        assertThat(List.of(tokens, units, winners.keySet()))
                .allSatisfy(each -> assertThat(each).isNotEmpty());
    }

    private static Map<String, @Nullable String> consumedBy(OwnServer server) throws SQLException {
        return rows(server, "SELECT id, consumed_attempt FROM failover.oauth_authorization_codes");
    }

    private static Set<String> ids(OwnServer server, String from) throws SQLException {
        return rows(server, "SELECT id, NULL FROM failover." + from).keySet();
    }

    private static Map<String, @Nullable String> rows(OwnServer server, String query) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            Map<String, @Nullable String> found = new HashMap<>();
            while (rows.next()) {
                found.put(rows.getString(1), rows.getString(2));
            }
            return found;
        }
    }

    String summary() {
        return acknowledged + " writes acknowledged (" + tokens.size() + " tokens, " + codes.size() + " codes, "
                + units.size() + " units, " + winners.size() + " races), none lost; " + unknown
                + " unknown, of which reading found " + foundApplied + " applied and " + foundAbsent
                + " absent; all repeated and known in the end; " + refused
                + " refused and repeated; longest pause between two acknowledgements " + longestPauseMillis + " ms";
    }
}

package io.qscope.bench.report;

import io.qscope.bench.load.Comparison;
import io.qscope.bench.load.Round;
import io.qscope.bench.load.Run;
import io.qscope.bench.side.Purging;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Results for programs: an array with an object for each. */
public final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final double P50 = 50;
    private static final double P99 = 99;

    private Json() {}

    /**
     * As text, in a file's form.
     *
     * @param begun when measuring began
     */
    public static String of(List<Result> results, Instant begun) {
        return MAPPER.writeValueAsString(
                        results.stream().map(each -> object(each, begun)).toList())
                + "\n";
    }

    private static Map<String, @Nullable Object> object(Result result, Instant begun) {
        Comparison comparison = result.comparison();
        boolean peer = comparison.hasPeer();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("begun", begun.toString());
        object.put("java", Runtime.version().toString());
        object.put("processors", Runtime.getRuntime().availableProcessors());
        object.put("engine", result.engine());
        object.put("operation", result.operation().word());
        object.put("inFlight", result.load().isOpen() ? null : result.load().inFlight());
        object.put("rate", result.load().isOpen() ? result.load().rate() : null);
        object.put("rows", result.rows());
        object.put("through", result.through().word());
        object.put("opsPerSecond", rounded(comparison.perSecond()));
        object.put("p50Micros", rounded(comparison.micros(P50)));
        object.put("p99Micros", rounded(comparison.micros(P99)));
        object.put("cpuMicros", rounded(comparison.cpuMicros()));
        object.put("peer", result.peer());
        object.put("peerCallers", peer ? result.peerCallers() : null);
        object.put("peerRows", peer ? result.peerRows() : null);
        object.put("peerOpsPerSecond", peer ? rounded(comparison.peerPerSecond()) : null);
        object.put("peerP50Micros", peer ? rounded(comparison.peerMicros(P50)) : null);
        object.put("peerP99Micros", peer ? rounded(comparison.peerMicros(P99)) : null);
        object.put("peerCpuMicros", peer ? rounded(comparison.peerCpuMicros()) : null);
        object.put("ratio", peer ? rounded(comparison.ratio()) : null);
        object.put("p50Ratio", peer ? rounded(comparison.latencyRatio(P50)) : null);
        object.put("p99Ratio", peer ? rounded(comparison.latencyRatio(P99)) : null);
        Purging.Outcome purge = result.purge();
        if (purge != null) {
            object.put("purgedRows", purge.rows());
            object.put("purgeSeconds", rounded(purge.seconds()));
            object.put("purgedRowsPerSecond", rounded(purge.perSecond()));
            object.put("purgeDone", purge.isDone());
        }
        object.put("targets", Bars.of(result).stream().map(Json::object).toList());
        object.put("slowTurns", comparison.explanations("qscope", result.peer()));
        object.put("rounds", comparison.rounds().stream().map(Json::object).toList());
        return object;
    }

    private static Map<String, @Nullable Object> object(Bars.Target target) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("what", target.what());
        object.put("value", Double.isFinite(target.value()) ? rounded(target.value()) : null);
        object.put(target.isLeast() ? "atLeast" : "atMost", target.wanted());
        object.put("setFor", target.setFor());
        object.put("applies", target.applies());
        object.put("reached", target.isReached());
        return object;
    }

    private static Map<String, @Nullable Object> object(Round round) {
        Run peer = round.peer();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("first", round.oursFirst() ? "qscope" : "peer");
        put(object, "", round.ours());
        if (peer != null) {
            put(object, "peer", peer);
            object.put("ratio", rounded(round.ratio()));
        }
        return object;
    }

    private static void put(Map<String, @Nullable Object> object, String side, Run run) {
        object.put(named(side, "opsPerSecond"), rounded(run.perSecond()));
        object.put(named(side, "p50Micros"), rounded(run.micros(P50)));
        object.put(named(side, "p99Micros"), rounded(run.micros(P99)));
        object.put(named(side, "cpuMicros"), rounded(run.cpuMicrosEach()));
        object.put(named(side, "seconds"), rounded(run.seconds()));
        object.put(named(side, "checkpoints"), run.circumstances().checkpoints());
    }

    private static String named(String side, String what) {
        return side.isEmpty() ? what : side + Character.toUpperCase(what.charAt(0)) + what.substring(1);
    }

    /** Three decimals: more is noise. */
    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}

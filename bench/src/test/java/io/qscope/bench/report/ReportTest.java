package io.qscope.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.bench.load.Circumstances;
import io.qscope.bench.load.Comparison;
import io.qscope.bench.load.Load;
import io.qscope.bench.load.Round;
import io.qscope.bench.load.Run;
import io.qscope.bench.side.Operation;
import io.qscope.bench.side.Purging;
import io.qscope.bench.side.Through;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

final class ReportTest {

    private static final int ROWS = 100_000;

    @Test
    void judgesByTheBarOfExactlyThatRow() {
        assertThat(judged(result(Operation.LOOKUP, 256, 350, 100, null)))
                .containsExactly("ratio: 3.50, wanted at least 3.50: reached");
        assertThat(judged(result(Operation.LOOKUP, 256, 349, 100, null)))
                .containsExactly("ratio: 3.49, wanted at least 3.50: MISSED");
        assertThat(judged(result(Operation.LOOKUP, 64, 349, 100, null))).isEmpty();
    }

    @Test
    void doesNotTakeATrialWithFewRowsForWhatWasWanted() {
        Result trial = result("self", 900, comparison(100, 100), new Purging.Outcome(1_000_000, 60, true, true));

        assertThat(Bars.of(trial)).hasSize(3).noneMatch(Bars.Target::isReached);
        assertThat(judged(trial)).allMatch(sentence -> sentence.contains("good enough, but set for 1,000,000 rows"));
    }

    @Test
    void missesThePurgeThatDidNotEnd() {
        assertThat(judged(result("self", ROWS, comparison(100, 100), new Purging.Outcome(10, 601, false, true))))
                .containsExactly(
                        "throughput beside a purge, times that without: 1.00, wanted at least 0.80: reached",
                        "p99 beside a purge, times that without: 1.00, wanted at most 2.00: reached",
                        "seconds for the purge: not done, wanted at most 600.00: MISSED");
    }

    @Test
    void knowsNoRatioOfAPurgeThatWasOverWithinTheOnlyRound() {
        assertThat(judged(result("self", ROWS, comparison(100, 100), new Purging.Outcome(1_000_000, 2, true, false))))
                .containsExactly(
                        "throughput beside a purge, times that without: not known, wanted at least 0.80: MISSED",
                        "p99 beside a purge, times that without: not known, wanted at most 2.00: MISSED",
                        "seconds for the purge: 2.00, wanted at most 600.00: reached");
    }

    private static List<String> judged(Result result) {
        return Bars.of(result).stream().map(Bars.Target::sentence).toList();
    }

    @Test
    void drawsWhatAnXmlParserReads() throws Exception {
        String svg = Chart.of(
                List.of(result(Operation.LOOKUP, 1, 90, 100, null), result(Operation.LOOKUP, 256, 400, 100, null)));

        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg)
                .contains(
                        "PostgreSQL, lookup: qscope beside plain JDBC",
                        "256 in flight",
                        "400/s, 4.00 times jdbc",
                        "jdbc, 10 at once");
    }

    @Test
    void namesChartsByWhatIsInThem() {
        assertThat(Chart.fileName(result(Operation.LOOKUP, 1, 1, 1, null)))
                .isEqualTo("bench-postgresql-lookup-jdbc.svg");
        assertThat(Chart.fileName(result(Operation.MIXED, 1, 1, 1, new Purging.Outcome(1, 1, true, true))))
                .isEqualTo("bench-postgresql-mixed-purge-jdbc.svg");
    }

    private static Result result(
            Operation operation, int inFlight, long ours, long peers, Purging.@Nullable Outcome purge) {
        return new Result(
                "postgresql",
                operation,
                Load.closed(inFlight),
                ROWS,
                Through.STORAGE,
                "jdbc",
                10,
                ROWS,
                comparison(ours, peers),
                purge);
    }

    private static Result result(String peer, int rows, Comparison comparison, Purging.Outcome purge) {
        return new Result(
                "postgresql",
                Operation.MIXED,
                Load.closed(64),
                rows,
                Through.STORAGE,
                peer,
                64,
                rows,
                comparison,
                purge);
    }

    private static Comparison comparison(long ours, long peers) {
        return new Comparison(List.of(new Round(true, run(ours), run(peers))));
    }

    private static Run run(long perSecond) {
        Histogram latencies = new Histogram(3);
        latencies.recordValueWithCount(1_000_000, perSecond);
        return new Run(perSecond, TimeUnit.SECONDS.toNanos(1), latencies, Circumstances.NONE);
    }
}

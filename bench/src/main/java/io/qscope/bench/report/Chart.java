package io.qscope.bench.report;

import io.qscope.bench.load.Comparison;
import io.qscope.bench.load.Round;
import io.qscope.bench.load.Run;
import io.qscope.bench.side.Through;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * One operation's results as an SVG, light or dark as the reader's page is: operations a second, with a dot for each round, and
 * below them the latency that 50 % and 99 % of the calls kept.
 */
public final class Chart {

    private static final int LEFT = 280;
    private static final int BAR = 18;
    private static final int GAP = 14;
    private static final int WIDTH = 890;
    private static final int SPAN = WIDTH - LEFT - 200;
    private static final int TITLE = 62;
    private static final int HEADING = 26;
    private static final int MARGIN = 16;
    private static final double P50 = 50;
    private static final double P99 = 99;

    private static final String STYLE = """
            <style>
              text { font: 13px system-ui, sans-serif; fill: #1f2328 }
              .title { font-size: 15px; font-weight: 600 }
              .faint { fill: #59636e }
              .qscope { fill: #0969da }
              .peer { fill: #8c959f }
              .tail { fill-opacity: .45 }
              .round { fill: #ffffff; stroke: #1f2328; stroke-width: 1.2 }
              .page { fill: #ffffff }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3 }
                .faint { fill: #9198a1 }
                .qscope { fill: #4493f8 }
                .peer { fill: #656c76 }
                .round { fill: #0d1117; stroke: #e6edf3 }
                .page { fill: #0d1117 }
              }
            </style>
            """;

    private final StringBuilder svg = new StringBuilder();
    private int y = TITLE;
    private boolean variesInRows;

    private Chart() {}

    /** Of results that have the engine, the operation and the peer in common. */
    public static String of(List<Result> results) {
        return new Chart().draw(results);
    }

    /** Under which name it is kept: {@code bench-postgresql-lookup-jdbc.svg}. */
    public static String fileName(Result result) {
        return "bench-" + result.engine() + "-" + result.operation().word()
                + (result.through() == Through.STORAGE
                        ? ""
                        : "-" + result.through().word())
                + (result.purge() == null ? "" : "-purge") + "-" + result.peer() + ".svg";
    }

    private String draw(List<Result> results) {
        Result any = results.get(0);
        variesInRows = results.stream().anyMatch(each -> each.rows() != any.rows() || each.peerRows() != any.rows());
        throughput(results);
        latency(results);
        String subtitle = (variesInRows ? "" : number(any.rows()) + " access tokens; ")
                + any.comparison().rounds().size() + (any.comparison().hasPeer() ? " rounds, alternating" : " rounds")
                + "; a bar is the median, a ring a round";
        return String.format(Locale.ROOT, """
                        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" role="img" aria-label="%3$s">
                        %5$s<rect class="page" width="%1$d" height="%2$d"/>
                        <text class="title" x="16" y="26">%3$s</text>
                        <text class="faint" x="16" y="46">%4$s</text>
                        """, WIDTH, y + GAP, escaped(title(any)), escaped(subtitle), STYLE)
                + svg
                + "</svg>\n";
    }

    private static String title(Result any) {
        String engine = any.engine().equals("postgresql") ? "PostgreSQL" : "SQLite";
        return engine + ", " + any.operation().word() + (any.purge() == null ? "" : " beside a purge")
                + any.through().title() + ": qscope"
                + (any.comparison().hasPeer() ? " beside " + peer(any) : "");
    }

    private static String peer(Result any) {
        return switch (any.peer()) {
            case "jdbc" -> "plain JDBC";
            case "batch" -> "one raw transaction after the other";
            case "spring" -> "Spring's JDBC storage";
            case "shipped" -> "Spring's JDBC storage as shipped";
            default -> "itself" + (any.purge() == null ? "" : " without one");
        };
    }

    private void throughput(List<Result> results) {
        heading("Operations a second: more is better");
        double most = results.stream()
                .flatMap(result -> result.comparison().rounds().stream())
                .flatMap(Chart::runs)
                .mapToDouble(Run::perSecond)
                .max()
                .orElse(1);
        for (Result result : results) {
            Comparison comparison = result.comparison();
            String times = comparison.hasPeer()
                    ? String.format(Locale.ROOT, "/s, %.2f times %s", comparison.ratio(), result.peer())
                    : "/s";
            bar(
                    label(result),
                    "qscope",
                    comparison.perSecond(),
                    most,
                    number(comparison.perSecond()) + times,
                    each(comparison, round -> round.ours().perSecond()));
            if (comparison.hasPeer()) {
                bar(
                        peerLabel(result),
                        "peer",
                        comparison.peerPerSecond(),
                        most,
                        number(comparison.peerPerSecond()) + "/s",
                        each(comparison, round -> round.ours().perSecond() / round.ratio()));
            }
            y += GAP;
        }
    }

    private void latency(List<Result> results) {
        heading("Latency in milliseconds: the time that 50 % of the calls kept, and paler 99 %; less is better");
        double most = results.stream()
                .map(Result::comparison)
                .mapToDouble(c -> Math.max(c.micros(P99), c.hasPeer() ? c.peerMicros(P99) : 0))
                .max()
                .orElse(1);
        for (Result result : results) {
            Comparison comparison = result.comparison();
            latencyBar(label(result), "qscope", comparison.micros(P50), comparison.micros(P99), most);
            if (comparison.hasPeer()) {
                latencyBar(peerLabel(result), "peer", comparison.peerMicros(P50), comparison.peerMicros(P99), most);
            }
            y += GAP;
        }
    }

    private void latencyBar(String label, String side, double p50, double p99, double most) {
        rectangle(side + " tail", p99, most);
        bar(label, side, p50, most, "", List.of());
        y -= BAR;
        text("", LEFT + length(p99, most) + 8, String.format(Locale.ROOT, "%.2f, %.2f ms", p50 / 1_000, p99 / 1_000));
        y += BAR;
    }

    private void bar(String label, String side, double value, double most, String told, List<Double> rounds) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                LEFT - 8,
                y + BAR - 5,
                escaped(label)));
        rectangle(side, value, most);
        double end = length(value, most);
        for (double each : rounds) {
            double x = length(each, most);
            end = Math.max(end, x);
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle class=\"round\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>%n",
                    LEFT + x,
                    y + (BAR - 3) / 2.0));
        }
        if (!told.isEmpty()) {
            text("", LEFT + end + 8, told);
        }
        y += BAR;
    }

    private void rectangle(String style, double value, double most) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                style,
                LEFT,
                y,
                length(value, most),
                BAR - 3));
    }

    private void heading(String words) {
        text("faint", MARGIN, words);
        y += HEADING;
    }

    private void text(String style, double x, String words) {
        svg.append(String.format(
                Locale.ROOT,
                "<text class=\"%s\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                style,
                x,
                y + BAR - 5,
                escaped(words)));
    }

    private static double length(double value, double most) {
        return most <= 0 ? 0 : value / most * SPAN;
    }

    private static List<Double> each(Comparison comparison, ToDoubleFunction<Round> value) {
        List<Double> values = new ArrayList<>();
        comparison.rounds().forEach(round -> values.add(value.applyAsDouble(round)));
        return values;
    }

    private static Stream<Run> runs(Round round) {
        Run peer = round.peer();
        return peer == null ? Stream.of(round.ours()) : Stream.of(round.ours(), peer);
    }

    private String label(Result result) {
        return "qscope, " + Table.load(result.load()) + rows(result.rows());
    }

    private String peerLabel(Result result) {
        String callers = result.peer().equals("self") ? "" : ", " + result.peerCallers() + " at once";
        return result.peer() + callers + rows(result.peerRows());
    }

    /** Where not all that is drawn has as many. */
    private String rows(int rows) {
        return variesInRows ? ", " + number(rows) + " rows" : "";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}

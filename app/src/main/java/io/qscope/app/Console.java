package io.qscope.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command speaks. Colors only on a terminal, and none where {@code NO_COLOR} is set; text that the terminal's
 * character set cannot show is spelled in ASCII; an error is one line without control characters and passwords.
 */
public final class Console {

    private final PrintWriter out;
    private final PrintWriter err;
    private final Ansi ansi;
    private final boolean unicode;
    private final boolean traces;

    private Console(PrintWriter out, PrintWriter err, Ansi ansi, boolean unicode, boolean traces) {
        this.out = out;
        this.err = err;
        this.ansi = ansi;
        this.unicode = unicode;
        this.traces = traces;
    }

    /** On the process's own output. */
    static Console standard() {
        Charset charset = terminalCharset();
        // Not System.out: it hides that writing failed, and a demo whose story went nowhere has not been told.
        PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, charset);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, charset);
        boolean colors = Ansi.AUTO.enabled() && !"dumb".equals(System.getenv("TERM"));
        return new Console(
                out,
                err,
                colors ? Ansi.ON : Ansi.OFF,
                charset.equals(StandardCharsets.UTF_8),
                isOn(System.getenv("QSCOPE_DEBUG")));
    }

    /** Whether a variable that switches something on does. */
    private static boolean isOn(@Nullable String variable) {
        return variable != null && !variable.isBlank() && !variable.equals("0") && !variable.equalsIgnoreCase("false");
    }

    /** On other output, without colors. */
    static Console on(PrintWriter out, PrintWriter err) {
        return new Console(out, err, Ansi.OFF, true, false);
    }

    public PrintWriter out() {
        return out;
    }

    public PrintWriter err() {
        return err;
    }

    Ansi ansi() {
        return ansi;
    }

    boolean traces() {
        return traces;
    }

    /** Prints a line, flushed. */
    public void line(String text) {
        out.println(spelled(text));
    }

    /** Prints an error as one line. */
    public void error(@Nullable String message) {
        String oneLine = String.valueOf(message)
                .lines()
                .map(String::strip)
                .reduce((a, b) -> a + "; " + b)
                .orElse("");
        err.println(red("qscope: ") + spelled(withoutControls(UrlPassword.leftOutOf(oneLine))));
    }

    /** Tells what a reader should know beside the output. */
    public void warn(String text) {
        err.println("qscope: " + spelled(withoutControls(UrlPassword.leftOutOf(text))));
    }

    /** Prints a stack trace if the user asked for traces. */
    void trace(Throwable thrown) {
        if (traces) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            err.print(UrlPassword.leftOutOf(trace.toString()));
            err.flush();
        }
    }

    /** Flushes what was printed, and says whether anybody got it: false once the reader has gone, or the disk is full. */
    public boolean reachesItsReader() {
        return !out.checkError();
    }

    /** Flushes everything. @return whether all of it could be written */
    boolean close() {
        boolean written = reachesItsReader();
        if (!written) {
            error("cannot write to the standard output");
        }
        err.flush();
        return written;
    }

    /** For what a reader looks for first. */
    public String bold(String text) {
        return colored("1", text);
    }

    /** For what a reader may skip. */
    public String faint(String text) {
        return colored("2", text);
    }

    /** For what is as it should be. */
    public String green(String text) {
        return colored("32", text);
    }

    /** For what is not. */
    public String red(String text) {
        return colored("31", text);
    }

    private String colored(String code, String text) {
        return ansi.enabled() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private String spelled(String text) {
        return unicode ? text : text.replace("…", "...").replace("§", "section ");
    }

    public static String withoutControls(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Java 19 and later name it; before, the locale's is the closest. */
    private static Charset terminalCharset() {
        @Nullable String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}

package io.qscope.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** One line on a terminal that says how far it is; nothing elsewhere, nor where the system does not tell (Linux does). */
final class Progress {

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private final PrintWriter err;
    private final boolean shown;
    private long turns;
    private long done;
    private double turnSeconds;
    private int width;

    Progress(PrintWriter err) {
        this(err, isTerminal());
    }

    Progress(PrintWriter err, boolean shown) {
        this.err = err;
        this.shown = shown;
    }

    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException notTold) {
            return false;
        }
    }

    /** How many turns there will be, and how long each. */
    void expect(long all, double seconds) {
        turns = all;
        turnSeconds = seconds;
    }

    /** A turn begins. */
    void turn(String what) {
        long left = Math.round(Math.max(0, turns - done) * turnSeconds);
        String minutes = left < 60 ? left + " s" : TimeUnit.SECONDS.toMinutes(left) + " min";
        say("[" + ++done + "/" + Math.max(turns, done) + "] " + what + "; about " + minutes + " left");
    }

    /** What goes on besides. */
    void say(String what) {
        if (shown) {
            clear();
            err.print("\r" + what);
            err.flush();
            width = what.length();
        }
    }

    /** Takes the line away, so that something else can be printed. */
    void clear() {
        if (shown && width > 0) {
            err.print("\r" + " ".repeat(width) + "\r");
            err.flush();
            width = 0;
        }
    }
}

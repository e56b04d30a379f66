package io.qscope.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;

/** A command run in this process, where a process of its own would show no more. */
record InProcess(int code, String out, String err) {

    static InProcess qscope(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = Console.on(new PrintWriter(out, true), new PrintWriter(err, true));
        int code = Qscope.commandLine(console, InstantSource.system()).execute(arguments);
        return new InProcess(code, out.toString(), err.toString());
    }
}

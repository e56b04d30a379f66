package io.qscope.app.key;

import io.qscope.app.Console;
import picocli.CommandLine.Command;

/** Lists the keys of a ring. */
@Command(
        name = "list",
        description = "Lists the ids of a ring's keys, the writing one first; never the keys themselves.",
        footer = {"", "Example:", "  qscope key list"})
final class ListKeys extends KeyCommand {

    ListKeys(Console console) {
        super(console);
    }

    @Override
    public void run() {
        show(file().read());
    }
}

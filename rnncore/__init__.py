"""RNN Playground's engine: recurrent cells, sequence tasks and training runs, without a screen."""

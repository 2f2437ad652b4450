"""From what a person does in the window to actions of the workflow."""

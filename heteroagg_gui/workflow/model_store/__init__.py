"""The networks at hand: adding, handing on, renaming, deleting and choosing them."""

from heteroagg_gui.workflow.model_store.default import set_default_model
from heteroagg_gui.workflow.model_store.export import export_model
from heteroagg_gui.workflow.model_store.install import install_model, proposed_name
from heteroagg_gui.workflow.model_store.naming import NameTakenError, free_name, is_own
from heteroagg_gui.workflow.model_store.renaming import rename_model
from heteroagg_gui.workflow.model_store.shelf import Shelf, networks_at_hand, read_model_card
from heteroagg_gui.workflow.model_store.trash import (
    DeletedModel,
    delete_model,
    deleted_models,
    forget_old,
    restore_model,
)

__all__ = [
    "DeletedModel",
    "NameTakenError",
    "Shelf",
    "delete_model",
    "deleted_models",
    "export_model",
    "forget_old",
    "free_name",
    "install_model",
    "is_own",
    "networks_at_hand",
    "proposed_name",
    "read_model_card",
    "rename_model",
    "restore_model",
    "set_default_model",
]
